import { attributeNamed, subAttributesOf } from "../scim/attributes.ts";
import { isArray, isObject, type Json } from "../scim/json.ts";
import type { Attribute } from "../scim/schema.ts";

/** Entra writes booleans as "True" and "False", at the top and inside values (`primary`). */
export function readStringBooleans(value: Json, attribute: Attribute): Json {
  return isArray(value) ? value.map((one) => readOne(one, attribute)) : readOne(value, attribute);
}

/** As deep as the schema, not as the value. */
function readOne(value: Json, attribute: Attribute): Json {
  if (attribute.type === "boolean" && typeof value === "string") return readBoolean(value);
  if (attribute.type !== "complex" || !isObject(value)) return value;

  const members = Object.entries(value).map(([name, member]) => {
    const sub = attributeNamed(subAttributesOf(attribute), name);
    return [name, sub ? readOne(member, sub) : member] as const;
  });
  return Object.fromEntries(members);
}

function readBoolean(text: string): Json {
  const lower = text.trim().toLowerCase();
  if (lower === "true") return true;
  return lower === "false" ? false : text;
}
