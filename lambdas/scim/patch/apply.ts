import { attributeNamed, rootAttributes } from "../attributes.ts";
import { saySame } from "../equal.ts";
import { invalidPath, invalidValue, mutability, noTarget, tooMany } from "../errors.ts";
import { pathsIn } from "../filter/filter.ts";
import { isArray, isObject, type Json, type JsonObject, own, quoted, withMember } from "../json.ts";
import { type Path, parsePath, printPath } from "../path.ts";
import type { ResourceType } from "../schema.ts";
import { checkRequired, withSchemas } from "../validate.ts";
import { change, changeMember } from "./change.ts";
import type { Operation } from "./read.ts";

/**
 * The resource that `operations` make of `resource`, all of them or none (RFC 7644, section
 * 3.5.2). If they change nothing it is the very same object. A group's members are split off
 * before, by splitMembership. @throws invalidPath, noTarget, mutability, invalidValue, tooMany
 */
export function applyPatch(
  resource: JsonObject,
  operations: readonly Operation[],
  type: ResourceType,
): JsonObject {
  let work = 0;
  let changed = resource;
  for (const operation of operations) {
    const path = operation.path === undefined ? undefined : parsePath(operation.path, type);
    work += workOf(changed, path, operation.value);
    if (work > mostWork)
      throw tooMany("The operations go through too many values in all; send fewer at once.");
    changed = applyOperation(changed, operation, path, type);
  }
  if (saySame(changed, resource)) return resource;

  checkRequired(changed, type);
  return withSchemas(changed, type);
}

/** Values gone through, each by every condition of a filter: about a second's worth. */
const mostWork = 1_000_000;

/** How much an operation goes through: the values that are held where it leads, and those it brings. */
function workOf(resource: JsonObject, path: Path | undefined, value: Json | undefined): number {
  const brought = isArray(value) ? value.length : 1;
  if (!path) {
    const names = isObject(value) ? Object.keys(value) : [];
    return names.reduce((sum, name) => sum + sizeOf(own(resource, name)), brought);
  }
  const holder = path.extension ? own(resource, path.extension.name) : resource;
  const held = isObject(holder) ? own(holder, path.attribute.name) : undefined;
  const size = sizeOf(held) + (isArray(held) ? textOf(held) / 100 : 0);
  const conditions = path.filter ? pathsIn(path.filter).length : 1;
  return brought + size * conditions + (path.extension ? sizeOf(holder) : 0);
}

function sizeOf(value: Json | undefined): number {
  if (isArray(value)) return value.length;
  return isObject(value) ? Object.keys(value).length : 1;
}

/** More text than a value usually has takes long to compare. */
const usualText = 300;

/** How many characters a list of values has beyond the usual; counted once for each, since values are not changed in place. */
function textOf(values: readonly Json[]): number {
  return values.reduce((sum: number, value) => {
    if (!isObject(value)) return sum;
    const known = textLengths.get(value) ?? JSON.stringify(value).length;
    textLengths.set(value, known);
    return sum + Math.max(0, known - usualText);
  }, 0);
}

const textLengths = new WeakMap<JsonObject, number>();

function applyOperation(
  resource: JsonObject,
  { op, value }: Operation,
  path: Path | undefined,
  type: ResourceType,
): JsonObject {
  if (path) return applyAt(resource, op, path, value);
  if (op === "remove") throw noTarget("A remove must say by its path what is to be removed.");
  if (!isObject(value))
    throw invalidValue("Without a path, value must be an object of attributes.");
  return applyMap(resource, op, value, type);
}

function applyAt(
  resource: JsonObject,
  op: Operation["op"],
  path: Path,
  value: Json | undefined,
): JsonObject {
  const at = printPath(path);
  // `schemas` follow from what the resource holds.
  if (at === "schemas") return resource;
  checkMutability(path, op, at);

  const { extension } = path;
  if (!extension) return changeMember(resource, path, { op, value, at });
  const holder = own(resource, extension.name);
  const before = isObject(holder) ? holder : {};
  const after = changeMember(before, path, { op, value, at });
  if (after === before) return resource;
  const isEmpty = Object.keys(after).length === 0;
  return withMember(resource, extension.name, isEmpty ? undefined : after);
}

/** Sets what a path-less operation names and leaves the rest as it is. */
function applyMap(
  resource: JsonObject,
  op: Operation["op"],
  map: JsonObject,
  type: ResourceType,
): JsonObject {
  let after = resource;
  for (const [name, value] of Object.entries(map)) {
    const attribute = attributeNamed(rootAttributes(type), name);
    if (!attribute) throw invalidPath(`${quoted(name)} is no attribute of a ${type.name}.`);
    if (attribute.name === "schemas") continue;

    const before = own(after, attribute.name);
    // Clients send the id along with what they change.
    if (attribute.mutability === "readOnly" && saySame(before, value)) continue;
    if (attribute.mutability === "readOnly") throw readOnly(attribute.name);
    const changed = change(attribute, before, { op, value, at: attribute.name });
    after = withMember(after, attribute.name, changed);
  }
  return after;
}

function checkMutability(path: Path, op: Operation["op"], at: string): void {
  const { attribute, filter, subAttribute } = path;
  if ((subAttribute ?? attribute).mutability === "readOnly") throw readOnly(at);
  if (attribute.mutability === "readOnly") throw readOnly(at);
  if (op === "remove" && attribute.required && !filter && !subAttribute) {
    throw mutability(`${at} is required and cannot be removed; replace it.`);
  }
}

function readOnly(at: string) {
  return mutability(`${at} is set by the service alone; leave it out.`);
}
