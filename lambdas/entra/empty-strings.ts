import { attributeNamed, subAttributesOf } from "../scim/attributes.ts";
import { isArray, isObject, type Json, type JsonObject } from "../scim/json.ts";
import { saysOnlyWhatFor } from "../scim/patch/change-values.ts";
import type { Attribute } from "../scim/schema.ts";
import type { Aimed } from "./departure.ts";

/** Entra clears what it has no value for by an empty string, at the top and inside values. */
export function readEmptyStrings(value: Json, attribute: Attribute): Json {
  if (!isArray(value)) return readOne(value, attribute);
  return value.map((one) => readOne(one, attribute)).filter((one) => one !== null);
}

/** A value that was empty is to be removed, which succeeds even if there was none. */
export function removeEmptied(operation: Aimed): readonly Aimed[] {
  const { op, value, path, text } = operation;
  if (op === "remove" || value !== null) return [operation];
  return [{ op: "remove", path, text, value: undefined }];
}

function readOne(value: Json, attribute: Attribute): Json {
  if (value === "") return null;
  return attribute.type === "complex" && isObject(value) ? readMembers(value, attribute) : value;
}

function readMembers(value: JsonObject, attribute: Attribute): Json {
  const members = Object.entries(value).map(([name, member]) => {
    const sub = attributeNamed(subAttributesOf(attribute), name);
    return [name, sub && member === "" ? null : member] as const;
  });
  const cleared = members.filter(([, member]) => member === null).map(([name]) => name);
  if (cleared.length === 0) return value;

  // Without its `value` a manager or an e-mail is nothing; a name without one of its parts is.
  if (cleared.some((name) => name.toLowerCase() === "value")) return null;
  const left = Object.fromEntries(members.filter(([, member]) => member !== null));
  return attribute.multiValued && saysOnlyWhatFor(left) ? null : Object.fromEntries(members);
}
