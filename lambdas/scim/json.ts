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
