/** A JSON value as it came from a request or from the table; never changed in place. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

/** A JSON object. Names may be anything a client sends, `__proto__` included: copy with spread or `Object.fromEntries`, never by assignment. */
export type JsonObject = { readonly [name: string]: Json };

/** Whether `value` is a JSON object, neither null nor an array. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether `value` is a JSON array. */
export function isArray(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

/** What `object` itself holds under `name`, nothing that every object inherits. */
export function own(object: JsonObject, name: string): Json | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

/** A copy of `object` with `name` set to `value`, or without `name`; the very same object if that is so already. */
export function withMember(object: JsonObject, name: string, value: Json | undefined): JsonObject {
  if (own(object, name) === value) return object;
  if (value !== undefined) return { ...object, [name]: value };
  return Object.fromEntries(Object.entries(object).filter(([key]) => key !== name));
}

/** `text` as an error may show it: in quotes, and cut where it is long. */
export function quoted(text: string): string {
  return `"${text.length > 100 ? `${text.slice(0, 100)}…` : text}"`;
}
