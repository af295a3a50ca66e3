import { isArray, isObject, type Json, own } from "./json.ts";

/**
 * Whether two values of a resource say the same. The order of a multi-valued attribute's values
 * says nothing (RFC 7643, section 2.4). For values that a schema has bounded, not for raw input.
 */
export function saySame(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  if (isArray(a)) return isArray(b) && sameValues(a, b);
  if (!isObject(a) || !isObject(b)) return false;

  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => Object.hasOwn(b, name) && saySame(own(a, name), own(b, name)))
  );
}

function sameValues(a: readonly Json[], b: readonly Json[]): boolean {
  if (a.length !== b.length) return false;
  if (a.every((value, index) => saySame(value, b[index]))) return true;
  const ofA = a.map(inOrder).toSorted();
  const ofB = b.map(inOrder).toSorted();
  return ofA.every((text, index) => text === ofB[index]);
}

/** One text for all values that say the same, whatever the order of their members. */
export function inOrder(value: Json): string {
  if (isArray(value)) return `[${value.map(inOrder).toSorted().join()}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const members = Object.keys(value).toSorted();
  return `{${members.map((name) => `${JSON.stringify(name)}:${inOrder(own(value, name) ?? null)}`).join()}}`;
}
