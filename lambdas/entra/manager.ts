import { attributeNamed, subAttributesOf } from "../scim/attributes.ts";
import { isArray, isObject, type Json } from "../scim/json.ts";
import { memberOf } from "../scim/patch/read.ts";
import type { Attribute } from "../scim/schema.ts";
import type { Aimed } from "./departure.ts";

/** Entra's oldest client sends a manager as a list of one. */
export function readManager(value: Json, attribute: Attribute): Json {
  return isReference(attribute) && isArray(value) ? (value[0] ?? null) : value;
}

/**
 * Another manager has another address and name: what was known of the old one goes with it,
 * whether the manager is named as a whole or by `manager.value`.
 */
export function replaceManager(operation: Aimed): readonly Aimed[] {
  const { op, path, value } = operation;
  // What is required cannot be removed first: it is merged as the RFC merges.
  if (!isReference(path.attribute) || path.attribute.required) return [operation];
  if (op === "remove") return [isId(path.subAttribute) ? wholeOf(operation) : operation];

  const id = path.subAttribute ? isId(path.subAttribute) && value : idIn(value);
  // A replace whose filter finds nobody is refused, which it would not survive after a remove.
  const isOpen = path.filter !== undefined && op === "replace";
  if (typeof id !== "string" || isOpen) return [operation];
  return [wholeOf(operation), operation];
}

/** The removal of the whole manager that `operation` changes a part of. */
function wholeOf({ path, text }: Aimed): Aimed {
  const { subAttribute, ...whole } = path;
  const end = subAttribute ? text.lastIndexOf(".") : text.length;
  return {
    op: "remove",
    path: { ...whole, subAttribute: undefined },
    text: text.slice(0, end),
    value: undefined,
  };
}

function idIn(value: Json | undefined): Json | undefined {
  return value !== undefined && isObject(value) ? memberOf(value, "value") : undefined;
}

function isId(subAttribute: Attribute | undefined): boolean {
  return subAttribute?.name === "value";
}

/** Whether `attribute` is one that points at one other thing, as `manager` does. */
function isReference(attribute: Attribute): boolean {
  const has = (name: string) => attributeNamed(subAttributesOf(attribute), name) !== undefined;
  return !attribute.multiValued && has("value") && has("$ref");
}
