import { isArray, isObject, type Json } from "../scim/json.ts";
import type { Attribute } from "../scim/schema.ts";

/** Clients mark several values of a list as primary, of which the RFC allows one: the first remains. */
export function demoteLaterPrimaries(value: Json, attribute: Attribute): Json {
  if (!attribute.multiValued || !isArray(value)) return value;
  if (value.filter(isPrimary).length < 2) return value;
  const first = value.findIndex(isPrimary);
  return value.map((one, index) =>
    index > first && isPrimary(one) && isObject(one)
      ? Object.fromEntries(Object.entries(one).map(demote))
      : one,
  );
}

function isPrimary(value: Json): boolean {
  return isObject(value) && Object.entries(value).some(([name, held]) => isTruePrimary(name, held));
}

function isTruePrimary(name: string, value: Json): boolean {
  return value === true && name.toLowerCase() === "primary";
}

function demote([name, value]: [string, Json]): [string, Json] {
  return [name, isTruePrimary(name, value) ? false : value];
}
