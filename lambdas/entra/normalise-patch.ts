import { findAttribute } from "../scim/attribute-path.ts";
import { isArray, isObject, type Json, type JsonObject } from "../scim/json.ts";
import { memberOf, type Operation } from "../scim/patch/read.ts";
import { findPath } from "../scim/path.ts";
import type { ResourceType } from "../scim/schema.ts";
import { dropNonStrings } from "./custom-extensions.ts";
import type { Aimed, OperationDeparture } from "./departure.ts";
import { removeEmptied } from "./empty-strings.ts";
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
  // Not even the form of a name, so none of ours: nothing else of the request is to fail with it.
  if (!text.includes("[") && !findAttribute(text, type)) return [];
  const path = findPath(text, type);
  if (!path) return [];
  // Whom it adds and removes is read by splitMembership, in every shape.
  if (isMembers(path)) return [write(op, text, value)];

  const aimed: readonly Aimed[] = [{ op, text, path, value }];
  return departures
    .reduce((current, departure) => current.flatMap((one) => departure(one, type)), aimed)
    .map((one) => write(one.op, one.text, one.value));
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
  return [{ ...operation, value: normaliseValue(value, target) }];
}

function isMembers({ attribute, extension }: Aimed["path"]): boolean {
  return !extension && attribute.name === "members";
}

function write(op: Operation["op"], path: string | undefined, value: Json | undefined): JsonObject {
  return { op, ...(path !== undefined && { path }), ...(value !== undefined && { value }) };
}
