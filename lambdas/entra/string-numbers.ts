import type { Json } from "../scim/json.ts";
import type { Attribute } from "../scim/schema.ts";
import { mapSimpleValues } from "./map-json.ts";

const whole = /^[+-]?\d+$/;
const broken = /^[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i;

/**
 * Entra's mappings know only strings for the attributes that an administrator adds, so it sends
 * "7" where the schema has a number. Text that is none, or one too large to be kept exactly, is
 * left for the core to refuse.
 */
export function readStringNumbers(value: Json, attribute: Attribute): Json {
  return mapSimpleValues(value, attribute, readNumber);
}

function readNumber(value: Json, { type }: Attribute): Json {
  if (typeof value !== "string") return value;
  const text = value.trim();
  if (type === "integer" && whole.test(text)) return orText(Number(text), Number.isSafeInteger);
  if (type === "decimal" && broken.test(text)) return orText(Number(text), Number.isFinite);
  return value;

  function orText(number: number, isKept: (number: number) => boolean): Json {
    return isKept(number) ? number : value;
  }
}
