import { attributeNamed, subAttributesOf } from "../scim/attributes.ts";
import { isArray, isObject, type Json } from "../scim/json.ts";
import { memberOf } from "../scim/patch/read.ts";
import type { Attribute } from "../scim/schema.ts";
import type { Aimed } from "./departure.ts";

/** Entra's oldest client sends a manager as a list of one. */
export function readManager(value: Json, attribute: Attribute): Json {
  return isReference(attribute) && isArray(value) ? (value[0] ?? null) : value;
}

/** Another manager has another address and name: what was known of the old one goes with it. */
export function replaceManager(operation: Aimed): readonly Aimed[] {
  const { op, path, text, value = null } = operation;
  const isWhole = isReference(path.attribute) && !path.subAttribute && !path.filter;
  const namesOne = isObject(value) && typeof memberOf(value, "value") === "string";
  if (op === "remove" || !isWhole || !namesOne) return [operation];
  return [{ op: "remove", path, text, value: undefined }, operation];
}

/** Whether `attribute` is one that points at one other thing, as `manager` does. */
function isReference(attribute: Attribute): boolean {
  const has = (name: string) => attributeNamed(subAttributesOf(attribute), name) !== undefined;
  return !attribute.multiValued && has("value") && has("$ref");
}
