import { findAttribute } from "../scim/attribute-path.ts";
import { isArray, isObject, type Json, type JsonObject } from "../scim/json.ts";
import { memberOf, type Operation } from "../scim/patch/read.ts";
import { findPath, type Path } from "../scim/path.ts";
import type { ResourceType } from "../scim/schema.ts";
import { groupUrn } from "../scim/urns.ts";
import { dropNonStrings } from "./custom-extensions.ts";
import { isCustom } from "./custom-schema.ts";
import type { Aimed, OperationDeparture } from "./departure.ts";
import { dropEmptyMembers } from "./empty-members.ts";
import { dropUnsaid, removeEmptied } from "./empty-strings.ts";
import { replaceManager } from "./manager.ts";
import { correctName } from "./misnamed-attributes.ts";
import { createMissingElements } from "./missing-elements.ts";
import { normaliseValue } from "./normalise-values.ts";
import { expandMap } from "./path-less-maps.ts";
import { dropReadOnly } from "./read-only-attributes.ts";
import { keepRequired } from "./required-attributes.ts";

const departures: readonly OperationDeparture[] = [
  dropReadOnly,
  dropNonStrings,
  dropUnsaid,
  cleanValue,
  removeEmptied,
  keepRequired,
  createMissingElements,
  replaceManager,
];

/**
 * A PatchOp as Entra sends it, made RFC-clean for readPatchOp. What is not even shaped like a
 * PatchOp is left for that to refuse; operations on what `type` does not have are dropped, since
 * the rest of the request must not fail with them.
 */
export function normalisePatch(body: Json | undefined, type: ResourceType): Json | undefined {
  if (!isObject(body)) return body;
  const operations = memberOf(body, "Operations");
  if (!isArray(operations)) return body;

  const normalised = operations.flatMap((operation) => normaliseOperation(operation, type));
  const others = Object.entries(body).filter(([name]) => name.toLowerCase() !== "operations");
  return { ...Object.fromEntries(others), Operations: normalised };
}

function normaliseOperation(operation: Json, type: ResourceType): readonly Json[] {
  const read = readLoosely(operation);
  if (!read) return [operation];
  return expandMap(read, type).flatMap((one) => normaliseOne(one, type));
}

function normaliseOne(operation: Operation, type: ResourceType): readonly Json[] {
  const { op, path: given, value } = operation;
  if (given === undefined) return [write(op, undefined, value)];

  const text = correctName(given, type);
  const path = aimOf(text, type);
  if (!path) return [];

  const aimed: readonly Aimed[] = [{ op, text, path, value }];
  return departuresFor(path, type)
    .reduce((current, departure) => current.flatMap((one) => departure(one, type)), aimed)
    .map((one) => write(one.op, one.text, one.value));
}

/** What `text` leads to, if it is ours: nothing else of the request is to fail with what is not, in whatever form. */
function aimOf(text: string, type: ResourceType): Path | undefined {
  const [head = ""] = text.split("[", 1);
  const found = findAttribute(head.trim(), type);
  if (!found) return undefined;
  // A custom attribute is one string, of which brackets choose nothing.
  const isOfCustom = [found.extension, found.attribute].some((one) => one && isCustom(one));
  return isOfCustom && head !== text ? undefined : findPath(text, type);
}

/** Whom an operation adds to a group and removes from it is read by splitMembership, in every shape. */
function departuresFor(path: Path, type: ResourceType): readonly OperationDeparture[] {
  const isMembers = path.attribute.name === "members" && !path.extension;
  return isMembers && type.schema.id === groupUrn ? [dropEmptyMembers] : departures;
}

/** An operation, if it has the shape of one: its op in any case, a path or none. */
function readLoosely(operation: Json): Operation | undefined {
  if (!isObject(operation)) return undefined;
  const given = memberOf(operation, "op");
  const op = typeof given === "string" ? given.toLowerCase() : undefined;
  const path = memberOf(operation, "path") ?? "";
  if ((op !== "add" && op !== "replace" && op !== "remove") || typeof path !== "string") {
    return undefined;
  }
  return { op, path: path.trim() === "" ? undefined : path, value: memberOf(operation, "value") };
}

/** The value by the attribute that the path leads to, one of its values if there is a filter. */
function cleanValue(operation: Aimed): readonly Aimed[] {
  const { path, value } = operation;
  if (value === undefined) return [operation];
  const { attribute, filter, subAttribute } = path;
  const target = subAttribute ?? (filter ? { ...attribute, multiValued: false } : attribute);
  const clean = normaliseValue(value, target);
  return [clean === value ? operation : { ...operation, value: clean }];
}

function write(op: Operation["op"], path: string | undefined, value: Json | undefined): JsonObject {
  return { op, ...(path !== undefined && { path }), ...(value !== undefined && { value }) };
}
