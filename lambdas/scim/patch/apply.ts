import { findAttribute, printAttributePath } from "../attribute-path.ts";
import { isExtension } from "../attributes.ts";
import { saySame } from "../equal.ts";
import { invalidPath, invalidValue, noTarget, tooMany } from "../errors.ts";
import { isObject, type JsonObject, own, quoted } from "../json.ts";
import { type Path, parsePath, printPath } from "../path.ts";
import { checkRequired } from "../required.ts";
import type { ResourceType } from "../schema.ts";
import { withSchemas } from "../validate.ts";
import { changeMember } from "./change.ts";
import { changeExtension, holderOf, withExtension } from "./change-extension.ts";
import { checkKept, checkMutability, checkOnce, isEcho } from "./guards.ts";
import type { Operation } from "./read.ts";
import { mostWork, workOf } from "./work.ts";

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
    work += workOf(changed, path, operation.value, type);
    if (work > mostWork)
      throw tooMany("The operations go through too many values in all; send fewer at once.");
    changed = applyOperation(changed, operation, path, type);
  }
  if (saySame(changed, resource)) return resource;

  checkRequired(changed, type, resource);
  return withSchemas(changed, type);
}

function applyOperation(
  resource: JsonObject,
  { op, value, mayMiss }: Operation,
  path: Path | undefined,
  type: ResourceType,
): JsonObject {
  if (path) return applyAt(resource, { op, value, mayMiss }, path);
  if (op === "remove") throw noTarget("A remove must say by its path what is to be removed.");
  if (!isObject(value))
    throw invalidValue("Without a path, value must be an object of attributes.");
  return applyMap(resource, op, value, type);
}

function applyAt(resource: JsonObject, change: Omit<Operation, "path">, path: Path): JsonObject {
  const { extension, attribute } = path;
  const at = printPath(path);
  // `schemas` follow from what the resource holds.
  if (at === "schemas") return resource;
  if (isExtension(attribute)) return changeExtension(resource, change, attribute);
  const { op } = change;
  checkMutability(path, op, at);

  const holder = holderOf(resource, extension);
  const after = changeMember(holder, path, { ...change, value: change.value, at });
  checkKept(op, attribute, own(holder, attribute.name), own(after, attribute.name));
  return extension ? withExtension(resource, extension, after, op) : after;
}

/** Sets what a path-less operation names, in the notation of RFC 7644, section 3.10, and leaves the rest as it is. */
function applyMap(
  resource: JsonObject,
  op: Operation["op"],
  map: JsonObject,
  type: ResourceType,
): JsonObject {
  let after = resource;
  const seen = new Set<string>();
  for (const [name, value] of Object.entries(map)) {
    const found = findAttribute(name, type);
    if (!found) throw invalidPath(`${quoted(name)} is no attribute of a ${type.name}.`);
    const at = printAttributePath(found);
    checkOnce(seen, at);
    const { extension, attribute } = found;
    if (isEcho(holderOf(after, extension), attribute, value, at)) continue;
    after = applyAt(after, { op, value }, { ...found, filter: undefined });
  }
  return after;
}
