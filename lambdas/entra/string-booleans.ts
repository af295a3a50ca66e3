import type { Json } from "../scim/json.ts";
import type { Attribute } from "../scim/schema.ts";
import { mapSimpleValues } from "./map-json.ts";

/** Entra writes booleans as "True" and "False", at the top and inside values (`primary`). */
export function readStringBooleans(value: Json, attribute: Attribute): Json {
  return mapSimpleValues(value, attribute, readBoolean);
}

function readBoolean(value: Json, { type }: Attribute): Json {
  if (type !== "boolean" || typeof value !== "string") return value;
  const lower = value.trim().toLowerCase();
  if (lower === "true") return true;
  return lower === "false" ? false : value;
}
