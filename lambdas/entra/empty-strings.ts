import { attributeNamed, subAttributesOf } from "../scim/attributes.ts";
import { isArray, isObject, type Json, type JsonObject } from "../scim/json.ts";
import { saysOnlyWhatFor } from "../scim/patch/change-values.ts";
import type { Path } from "../scim/path.ts";
import type { Attribute } from "../scim/schema.ts";
import type { Aimed } from "./departure.ts";
import { mapItems, mapMembers } from "./map-json.ts";

/** Entra clears what it has no value for by an empty string, at the top and inside values. */
export function readEmptyStrings(value: Json, attribute: Attribute): Json {
  if (!isArray(value)) return readOne(value, attribute);
  const read = mapItems(value, (one) => readOne(one, attribute));
  return read.includes(null) ? read.filter((one) => one !== null) : read;
}

/**
 * Drops an operation that says nothing by its empty string.
 * - Of a boolean: a mapping's expression came to nothing, as the one for `active` does where Entra
 *   knows of no state. A leaver must not become "neither active nor not" by that, and null, which
 *   Microsoft's test of clearing sends after the empty string, still unassigns it.
 * - Of what is to be added to a list, or removed from it: to take all of the list's values away
 *   would take what the operation does not name.
 */
export function dropUnsaid(operation: Aimed): readonly Aimed[] {
  const { op, path, value } = operation;
  const isEmptyAdd = op === "add" && value === null;
  if (value !== "" && !isEmptyAdd) return [operation];
  if (isList(path)) return op === "replace" ? [operation] : [];
  const isUnsaid = op !== "remove" && value === "" && isBoolean(path);
  return isUnsaid ? [] : [operation];
}

/** A value that was empty is to be removed, which succeeds even if there was none. */
export function removeEmptied(operation: Aimed): readonly Aimed[] {
  const { op, value, path, text } = operation;
  if (op === "remove" || value !== null) return [operation];
  return [{ op: "remove", path, text, value: undefined }];
}

function isList({ attribute, filter, subAttribute }: Path): boolean {
  return subAttribute ? subAttribute.multiValued : attribute.multiValued && !filter;
}

function isBoolean({ attribute, subAttribute }: Path): boolean {
  const target = subAttribute ?? attribute;
  return target.type === "boolean" && !target.multiValued;
}

function readOne(value: Json, attribute: Attribute): Json {
  if (value === "") return null;
  return attribute.type === "complex" && isObject(value) ? readMembers(value, attribute) : value;
}

function readMembers(value: JsonObject, attribute: Attribute): Json {
  const members = mapMembers(withoutUnsaid(value, attribute), attribute, readEmptyStrings);
  const cleared = Object.entries(members).filter(([, member]) => member === null);
  if (cleared.length === 0) return members;

  // Without its `value` a manager or an e-mail is nothing; a name without one of its parts is.
  if (cleared.some(([name]) => name.toLowerCase() === "value")) return null;
  const left = Object.entries(members).filter(([, member]) => member !== null);
  return attribute.multiValued && saysOnlyWhatFor(Object.fromEntries(left)) ? null : members;
}

/** What a merge is to leave as it is must not be named. */
function withoutUnsaid(value: JsonObject, attribute: Attribute): JsonObject {
  if (attribute.multiValued) return value;
  const isUnsaid = (name: string) =>
    attributeNamed(subAttributesOf(attribute), name)?.type === "boolean";
  const said = Object.entries(value).filter(([name, held]) => held !== "" || !isUnsaid(name));
  return said.length === Object.keys(value).length ? value : Object.fromEntries(said);
}
