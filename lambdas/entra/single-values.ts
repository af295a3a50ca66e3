import { attributeNamed, subAttributesOf } from "../scim/attributes.ts";
import { isArray, isObject, type Json } from "../scim/json.ts";
import type { Attribute } from "../scim/schema.ts";
import { mapItems, mapMembers } from "./map-json.ts";

/** Entra's clients send a value alone where a list of values belongs, and a string where an object does. */
export function readSingleValues(value: Json, attribute: Attribute): Json {
  if (!attribute.multiValued) return readOne(value, attribute);
  if (value === null || value === "") return value;
  return mapItems(isArray(value) ? value : [value], (one) => readOne(one, attribute));
}

/** A string stands for the object whose `value` it is, and an empty one for none. */
function readOne(value: Json, attribute: Attribute): Json {
  if (attribute.type !== "complex" || value === "") return value;
  if (isObject(value)) return mapMembers(value, attribute, readSingleValues);
  const name = attributeNamed(subAttributesOf(attribute), "value")?.name;
  return typeof value !== "string" || name === undefined ? value : { [name]: value };
}
