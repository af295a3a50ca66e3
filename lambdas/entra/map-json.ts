import { attributeNamed, subAttributesOf } from "../scim/attributes.ts";
import { isArray, isObject, type Json, type JsonObject } from "../scim/json.ts";
import type { Attribute } from "../scim/schema.ts";

/** Each of `items` as `read` has it; the very same list if that changes none. */
export function mapItems(items: readonly Json[], read: (item: Json) => Json): readonly Json[] {
  const mapped = items.map(read);
  return mapped.every((item, index) => item === items[index]) ? items : mapped;
}

/** Each member that `attribute` has a sub-attribute for as `read` has it; the very same object if that changes none. */
export function mapMembers(
  object: JsonObject,
  attribute: Attribute,
  read: (member: Json, subAttribute: Attribute) => Json,
): JsonObject {
  const subAttributes = subAttributesOf(attribute);
  const mapped = Object.entries(object).map(([name, member]) => {
    const sub = attributeNamed(subAttributes, name);
    return [name, sub ? read(member, sub) : member] as const;
  });
  const isSame = mapped.every(([name, member]) => member === object[name]);
  return isSame ? object : Object.fromEntries(mapped);
}

/** Every simple value inside `value` as `read` has it: as deep as the schema, not as the value. */
export function mapSimpleValues(
  value: Json,
  attribute: Attribute,
  read: (value: Json, attribute: Attribute) => Json,
): Json {
  const readOne = (one: Json): Json => {
    if (attribute.type !== "complex") return read(one, attribute);
    if (!isObject(one)) return one;
    return mapMembers(one, attribute, (member, sub) => mapSimpleValues(member, sub, read));
  };
  return isArray(value) ? mapItems(value, readOne) : readOne(value);
}
