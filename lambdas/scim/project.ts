import { isExtension, isHidden, rootAttributes, subAttributesOf } from "./attributes.ts";
import { saySame } from "./equal.ts";
import { isArray, isObject, type Json, type JsonObject, own } from "./json.ts";
import { type Names, namesIn, readNames } from "./names.ts";
import type { Attribute, ResourceType } from "./schema.ts";

/** What of a resource a client wants to see (RFC 7644, section 3.9). */
export interface Projection {
  /** Only these, if the client named any. */
  readonly only: Names | undefined;
  readonly without: Names | undefined;
  /** What the client has just written, which brings back what is returned on request alone. */
  readonly written?: Names | undefined;
}

/** Reads the query parameters of RFC 7644, section 3.9; names that `type` does not have are ignored. */
export function readProjection(
  query: {
    readonly attributes?: string | undefined;
    readonly excludedAttributes?: string | undefined;
  },
  type: ResourceType,
): Projection {
  return {
    only: readNames(query.attributes, type),
    without: readNames(query.excludedAttributes, type),
  };
}

/**
 * `projection` for the answer to a POST, PUT or PATCH that made `after` of `before`, which shows
 * what is returned on request if it was changed (RFC 7643, section 7, `returned`).
 */
export function afterWriting(
  projection: Projection,
  before: JsonObject | undefined,
  after: JsonObject,
): Projection {
  return { ...projection, written: changedNames(before ?? {}, after) };
}

/**
 * `resource` as the client is to see it (RFC 7643, section 7, and RFC 7644, section 3.9): what is
 * always returned whatever is asked for, what is never returned or writeOnly not at all. The rules
 * of sub-attributes hold where the attribute is shown. `schemas` say what the resource is made of,
 * shown or not; an extension or value of which nothing is shown is left out.
 */
export function project(
  resource: JsonObject,
  type: ResourceType,
  projection: Projection,
): JsonObject {
  return projectMembers(resource, rootAttributes(type), projection);
}

/** Whether the attribute `name`, which is returned by default, is to be shown, so that it must be read. */
export function isWanted({ only, without }: Projection, name: string): boolean {
  return namesIn(without, name) !== "all" && (!only || namesIn(only, name) !== undefined);
}

function projectMembers(
  object: JsonObject,
  attributes: readonly Attribute[],
  projection: Projection,
): JsonObject {
  const members = attributes.flatMap((attribute): readonly (readonly [string, Json])[] => {
    const value = own(object, attribute.name);
    if (value === undefined || !isShown(attribute, projection)) return [];
    const shown = projectValue(value, attribute, within(attribute, projection));
    return shown === undefined ? [] : [[attribute.name, shown]];
  });
  return Object.fromEntries(members);
}

function isShown(attribute: Attribute, { only, without, written }: Projection): boolean {
  if (isHidden(attribute)) return false;
  // An extension is a place for attributes: each of them is shown or not.
  if (isExtension(attribute) || attribute.returned === "always") return true;
  const { name, returned } = attribute;
  if (without === "all" || namesIn(without, name) === "all") return false;
  const isNamed = namesIn(only, name) !== undefined;
  if (returned !== "request") return !only || only === "all" || isNamed;
  return isNamed || (!only && partOf(written, name) !== undefined);
}

/** What is to be seen of the parts of `attribute`, which is shown. */
function within(attribute: Attribute, { only, without, written }: Projection): Projection {
  const named = namesIn(only, attribute.name);
  const excluded = namesIn(without, attribute.name);
  const parts = { written: only ? undefined : partOf(written, attribute.name) };
  // What an extension always returns is returned even if the client named other attributes.
  if (isExtension(attribute)) return { ...parts, only: only && (named ?? {}), without: excluded };
  // To exclude what is always returned has no effect on what is in it either.
  return { ...parts, only: named, without: excluded === "all" ? undefined : excluded };
}

/** What is written as a whole is so with each of its parts. */
function partOf(written: Names | undefined, name: string): Names | undefined {
  return written === "all" ? "all" : namesIn(written, name);
}

function projectValue(value: Json, attribute: Attribute, parts: Projection): Json | undefined {
  if (attribute.type !== "complex") return value;
  if (!isArray(value)) return projectOne(value, attribute, parts);
  const shown = value.flatMap((one) => projectOne(one, attribute, parts) ?? []);
  return shown.length > 0 || value.length === 0 ? shown : undefined;
}

function projectOne(value: Json, attribute: Attribute, parts: Projection): Json | undefined {
  if (!isObject(value)) return value;
  const shown = projectMembers(value, subAttributesOf(attribute), parts);
  return Object.keys(shown).length > 0 ? shown : undefined;
}

/** The names of what differs; values of a list are not told apart. */
function changedNames(before: JsonObject, after: JsonObject): Names {
  const names = Object.entries(after).flatMap(([name, value]): [string, Names][] => {
    const held = own(before, name);
    if (saySame(held, value)) return [];
    return [[name, isObject(value) ? changedNames(isObject(held) ? held : {}, value) : "all"]];
  });
  return Object.fromEntries(names);
}
