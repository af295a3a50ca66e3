import { findAttribute, stepsOf } from "./attribute-path.ts";
import { isExtension, rootAttributes, subAttributesOf } from "./attributes.ts";
import { isArray, isObject, type Json, type JsonObject, own } from "./json.ts";
import type { Attribute, ResourceType } from "./schema.ts";

/** Names chosen by a client, as a tree: `all` stands for an attribute with all that is in it. */
type Names = "all" | { readonly [name: string]: Names };

/** What of a resource a client wants to see (RFC 7644, section 3.9). */
export interface Projection {
  /** Only these, if the client named any. */
  readonly only: Names | undefined;
  readonly without: Names | undefined;
}

/** More than any schema has, less than what could keep the service busy. */
const maxNames = 500;

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

/** `resource` as the client is to see it (RFC 7643, section 7, and RFC 7644, section 3.9). */
export function project(
  resource: JsonObject,
  type: ResourceType,
  { only, without }: Projection,
): JsonObject {
  return projectMembers(resource, rootAttributes(type), only, without);
}

/** Whether the attribute `name`, which is returned by default, is to be shown, so that it must be read. */
export function isWanted({ only, without }: Projection, name: string): boolean {
  return namesIn(without, name) !== "all" && (!only || namesIn(only, name) !== undefined);
}

function projectMembers(
  object: JsonObject,
  attributes: readonly Attribute[],
  only: Names | undefined,
  without: Names | undefined,
): JsonObject {
  const members = attributes.flatMap((attribute): readonly (readonly [string, Json])[] => {
    const value = own(object, attribute.name);
    const wanted = only && namesIn(only, attribute.name);
    const unwanted = namesIn(without, attribute.name);
    const isExcluded = without === "all" || (unwanted === "all" && !isExtension(attribute));
    if (value === undefined || !isShown(attribute, only, wanted, isExcluded)) return [];
    // What an extension always returns is returned even if the client named other attributes.
    const within = only && !wanted ? (isExtension(attribute) ? {} : undefined) : wanted;
    const shown = projectValue(value, attribute, within, unwanted);
    return shown === undefined ? [] : [[attribute.name, shown]];
  });
  return Object.fromEntries(members);
}

function isShown(
  attribute: Attribute,
  only: Names | undefined,
  wanted: Names | undefined,
  isExcluded: boolean,
): boolean {
  switch (attribute.returned) {
    case "never":
      return false;
    case "always":
      return true;
    case "request":
      return wanted !== undefined && !isExcluded;
    case "default": {
      if (isExtension(attribute)) return true;
      return (!only || only === "all" || wanted !== undefined) && !isExcluded;
    }
  }
}

function projectValue(
  value: Json,
  attribute: Attribute,
  only: Names | undefined,
  without: Names | undefined,
): Json | undefined {
  if (attribute.type !== "complex") return value;
  const projectOne = (one: Json) =>
    isObject(one) ? projectMembers(one, subAttributesOf(attribute), only, without) : one;
  if (isArray(value)) return value.map(projectOne);

  const shown = projectOne(value);
  return isObject(shown) && Object.keys(shown).length === 0 ? undefined : shown;
}

/** What is named of `name`: undefined if nothing. */
function namesIn(names: Names | undefined, name: string): Names | undefined {
  if (names === undefined || names === "all") return undefined;
  return Object.hasOwn(names, name) ? names[name] : undefined;
}

function readNames(text: string | undefined, type: ResourceType): Names | undefined {
  if (text === undefined || text.trim() === "") return undefined;
  let names: Names = {};
  for (const name of text.split(",", maxNames)) {
    const found = findAttribute(name.trim(), type);
    if (found)
      names = withName(
        names,
        stepsOf(found).map((step) => step.name),
      );
  }
  return names;
}

function withName(names: Names | undefined, steps: readonly string[]): Names {
  const [name, ...rest] = steps;
  if (name === undefined || names === "all") return "all";
  return { ...names, [name]: withName(namesIn(names, name), rest) };
}
