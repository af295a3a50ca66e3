import { isArray, isObject, type Json } from "../scim/json.ts";
import { memberOf } from "../scim/patch/read.ts";
import type { Aimed } from "./departure.ts";

/**
 * Leaves out members that an empty string names, and the operation if it names none besides: to
 * empty the group, which cannot be undone from here, takes a remove without a value, null or an
 * empty list, which say so.
 */
export function dropEmptyMembers(operation: Aimed): readonly Aimed[] {
  const { op, path, value } = operation;
  if (value === undefined || path.subAttribute) return [operation];
  // Behind a filter the path says who; a remove needs no value then, and anything else sets one.
  if (path.filter) return op !== "remove" && isNobody(value) ? [] : [operation];
  if (!isArray(value)) return isNobody(value) ? [] : [operation];

  const named = value.filter((one) => !isNobody(one));
  if (named.length === value.length) return [operation];
  return named.length > 0 ? [{ ...operation, value: named }] : [];
}

function isNobody(member: Json): boolean {
  return member === "" || (isObject(member) && memberOf(member, "value") === "");
}
