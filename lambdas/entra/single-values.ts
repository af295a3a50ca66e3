import { attributeNamed, subAttributesOf } from "../scim/attributes.ts";
import { isArray, type Json } from "../scim/json.ts";
import type { Attribute } from "../scim/schema.ts";

/** Entra's clients send a value alone where a list of values belongs, and a string where an object does. */
export function readSingleValues(value: Json, attribute: Attribute): Json {
  if (!attribute.multiValued) return readBareString(value, attribute);
  if (value === null || value === "") return value;
  return (isArray(value) ? value : [value]).map((one) => readBareString(one, attribute));
}

/** A string stands for the object whose `value` it is. */
function readBareString(value: Json, attribute: Attribute): Json {
  if (typeof value !== "string" || attribute.type !== "complex") return value;
  const name = attributeNamed(subAttributesOf(attribute), "value")?.name;
  return name === undefined ? value : { [name]: value };
}
