import { instantOf } from "./instant.ts";
import type { Json } from "./json.ts";

/** The simple types of RFC 7643, section 2.3, with the words that ask for them. */
export const simpleTypes = {
  string: { name: "a string", isValid: isString },
  reference: { name: "a string that holds a URI", isValid: isString },
  boolean: { name: "true or false", isValid: (value: Json) => typeof value === "boolean" },
  decimal: { name: "a number of a size from 1e-130 to 9007199254740991, or 0", isValid: isDecimal },
  integer: { name: "a whole number", isValid: (value: Json) => Number.isSafeInteger(value) },
  dateTime: { name: "a time such as 2026-01-31T08:00:00Z", isValid: isTime },
  binary: { name: "a string of base64", isValid: isBase64 },
};

function isString(value: Json): value is string {
  return typeof value === "string";
}

/** As large and as small as can be kept: the table's numbers end at 1e-130, and whole ones are exact up to 2^53 - 1. */
function isDecimal(value: Json): boolean {
  if (typeof value !== "number") return false;
  const size = Math.abs(value);
  return size === 0 || (size >= 1e-130 && size <= Number.MAX_SAFE_INTEGER);
}

function isTime(value: Json): boolean {
  return isString(value) && instantOf(value) !== undefined;
}

/** With padding or without; one character more than whole groups of four stands for no byte. */
function isBase64(value: Json): boolean {
  if (!isString(value) || !/^[A-Za-z0-9+/_-]*={0,2}$/.test(value)) return false;
  const { length } = value.replace(/={1,2}$/, "");
  return length % 4 !== 1 && (length === value.length || value.length % 4 === 0);
}
