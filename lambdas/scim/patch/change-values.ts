import { subAttributesOf } from "../attributes.ts";
import { bare, identityOf } from "../identity.ts";
import { keepImmutableParts } from "../immutable.ts";
import { isArray, isObject, type Json, type JsonObject, own } from "../json.ts";
import type { Attribute } from "../schema.ts";
import { readSingle } from "../values.ts";
import { settle } from "./settle.ts";

/** Appends those of `given` that are not there yet (RFC 7644, section 3.5.2.1). */
export function addValues(
  attribute: Attribute,
  values: readonly Json[],
  given: readonly Json[],
  at: string,
): readonly Json[] | undefined {
  const named = withTypesOfSame(attribute, values, given);
  const added = withImmutableParts(attribute, values, named, at);
  return settle(attribute, values, [...values, ...added], at);
}

/** What is immutable of a value that is there already stays as it is. @throws mutability */
function withImmutableParts(
  attribute: Attribute,
  values: readonly Json[],
  added: readonly Json[],
  at: string,
): readonly Json[] {
  const hasImmutable = subAttributesOf(attribute).some((sub) => sub.mutability === "immutable");
  if (!hasImmutable || values.length === 0) return added;
  const held = new Map(values.map((value) => [identityOf(attribute, value), value]));
  return added.map((value) => {
    const same = held.get(identityOf(attribute, value));
    return isObject(same) && isObject(value)
      ? keepImmutableParts(attribute, same, value, at)
      : value;
  });
}

/** A value without `type` is no other than the one that is there with a type. */
function withTypesOfSame(
  attribute: Attribute,
  values: readonly Json[],
  given: readonly Json[],
): readonly Json[] {
  const isUntyped = (value: Json): value is JsonObject =>
    isObject(value) && own(value, "value") !== undefined && !Object.hasOwn(value, "type");
  if (!given.some(isUntyped)) return given;

  const held = new Map<string, readonly Json[]>();
  for (const value of values) {
    const identity = identityOf(attribute, bare(value));
    held.set(identity, [value, ...(held.get(identity) ?? [])].slice(0, 2));
  }
  // One that comes with another type leaves it open which is meant, the second time as the first.
  for (const value of given) {
    const [only, ...more] = held.get(identityOf(attribute, bare(value))) ?? [];
    if (only === undefined || more.length > 0 || isUntyped(value)) continue;
    if (identityOf(attribute, value) !== identityOf(attribute, only))
      held.set(identityOf(attribute, bare(value)), [only, value]);
  }
  return given.map((value) => {
    if (!isUntyped(value)) return value;
    const [only, ...more] = held.get(identityOf(attribute, bare(value))) ?? [];
    const type = more.length === 0 && isObject(only) ? own(only, "type") : undefined;
    return type === undefined ? value : { ...value, type };
  });
}

/** Takes away the values that `value` lists, all of them if it is null. */
export function removeValues(
  attribute: Attribute,
  values: readonly Json[],
  value: Json,
  at: string,
): readonly Json[] | undefined {
  if (value === null) return undefined;
  const named = (isArray(value) ? value : [value]).map((item) => readSingle(attribute, item, at));
  const gone = new Set(named.map((item) => identityOf(attribute, item ?? null)));
  const kept = values.filter(
    (held) =>
      !gone.has(identityOf(attribute, held)) && !gone.has(identityOf(attribute, bare(held))),
  );
  return kept.length > 0 ? kept : undefined;
}

/** A value of which only `type` and `primary` are left says nothing any more. */
export function saysOnlyWhatFor(value: Json): boolean {
  return (
    isObject(value) && Object.keys(value).every((name) => name === "type" || name === "primary")
  );
}
