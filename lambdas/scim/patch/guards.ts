import { saySame } from "../equal.ts";
import { invalidValue, mutability } from "../errors.ts";
import { isArray, isObject, type Json, type JsonObject, own } from "../json.ts";
import type { Path } from "../path.ts";
import type { Attribute } from "../schema.ts";
import type { Operation } from "./read.ts";

/** Clients send what only the service sets, such as the id, along with what they change. @throws mutability if it differs */
export function isEcho(holder: JsonObject, attribute: Attribute, value: Json, at: string): boolean {
  if (attribute.mutability !== "readOnly") return false;
  if (attribute.name === "schemas") return true;
  if (isShallow(value, deepest) && saySame(own(holder, attribute.name), value)) return true;
  throw readOnly(at);
}

/** A list of values with sub-attributes that have several values. */
const deepest = 3;

/** Whether `value` is no deeper than any that a schema allows, so that it can be compared. */
function isShallow(value: Json, depth: number): boolean {
  if (!isObject(value) && !isArray(value)) return true;
  return depth > 0 && Object.values(value).every((inner) => isShallow(inner, depth - 1));
}

/** @throws invalidValue for what is named a second time, in another spelling. */
export function checkOnce(seen: Set<string>, at: string): void {
  if (seen.has(at)) throw invalidValue(`${at} is given twice; give it once.`);
  seen.add(at);
}

/** @throws mutability for what the service alone sets, and what is required and to be removed. */
export function checkMutability(
  { attribute, filter, subAttribute }: Path,
  op: Operation["op"],
  at: string,
) {
  if ((subAttribute ?? attribute).mutability === "readOnly") throw readOnly(at);
  if (attribute.mutability === "readOnly") throw readOnly(at);
  const isRequired = subAttribute ? subAttribute.required : attribute.required && !filter;
  if (op === "remove" && isRequired) throw required(at);
}

/** A remove may leave nothing of what is required (RFC 7644, section 3.5.2.2). */
export function checkKept(
  op: Operation["op"],
  { required: isRequired, name }: Attribute,
  before: Json | undefined,
  after: Json | undefined,
): void {
  if (op === "remove" && isRequired && before !== undefined && after === undefined) {
    throw required(name);
  }
}

function readOnly(at: string) {
  return mutability(`${at} is set by the service alone; leave it out.`);
}

/** The refusal to remove what is required. */
export function required(at: string) {
  return mutability(`${at} is required and cannot be removed; replace it.`);
}
