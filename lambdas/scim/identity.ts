import { attributeNamed, subAttributesOf } from "./attributes.ts";
import { comparableText } from "./comparable.ts";
import { isObject, type Json, type JsonObject, own } from "./json.ts";
import type { Attribute } from "./schema.ts";

/**
 * What makes a value of `attribute` the same as another: its `value` and `type`, all of it where
 * it has no `value`, itself where it is not complex; by the attribute's case rule.
 */
export function identityOf(attribute: Attribute, value: Json): string {
  if (!isObject(value)) return computeIdentity(attribute, value);
  const known = identities.get(value);
  if (known?.attribute === attribute) return known.identity;
  const identity = computeIdentity(attribute, value);
  identities.set(value, { attribute, identity });
  return identity;
}

/** Values are not changed in place, so that what was computed for one holds as long as it lives. */
const identities = new WeakMap<JsonObject, { attribute: Attribute; identity: string }>();

function computeIdentity(attribute: Attribute, value: Json): string {
  if (!isObject(value)) return JSON.stringify(comparable(attribute, value));
  const text = own(value, "value");
  const subAttributes = subAttributesOf(attribute);
  if (text === undefined) return JSON.stringify(writable(subAttributes, value).toSorted(byName));
  return JSON.stringify([
    comparable(attributeNamed(subAttributes, "value") ?? attribute, text),
    comparable(attributeNamed(subAttributes, "type") ?? attribute, own(value, "type") ?? null),
  ]);
}

/** A value as it is named by `value` alone. */
export function bare(value: Json): Json {
  const text = isObject(value) ? own(value, "value") : undefined;
  if (!isObject(value) || text === undefined) return value;
  const known = bareValues.get(value) ?? { value: text };
  bareValues.set(value, known);
  return known;
}

/** Kept, so that what is computed of one is not computed for every operation. */
const bareValues = new WeakMap<JsonObject, JsonObject>();

/** Whether two simple values are the same by the rule of their attribute. */
export function areEqual(attribute: Attribute, a: Json, b: Json): boolean {
  return a === b || comparable(attribute, a) === comparable(attribute, b);
}

function comparable(attribute: Attribute, value: Json): Json {
  return typeof value === "string" ? comparableText(attribute)(value) : value;
}

/** What the service adds to a value does not make it another. */
function writable(subAttributes: readonly Attribute[], value: JsonObject) {
  const isReadOnly = (name: string) =>
    attributeNamed(subAttributes, name)?.mutability === "readOnly";
  return Object.entries(value).filter(([name]) => !isReadOnly(name));
}

function byName([a]: readonly [string, Json], [b]: readonly [string, Json]): number {
  return a < b ? -1 : 1;
}

/** Whether `value` is one whose `primary` is true. */
export function isPrimary(value: Json): value is JsonObject {
  return isObject(value) && own(value, "primary") === true;
}

/**
 * Makes those of `values` one that are the same, where the first of them stands; what is `fresh`
 * prevails over what was there, and the later over the earlier.
 */
export function mergeSame(
  attribute: Attribute,
  values: readonly Json[],
  fresh: ReadonlySet<Json> = new Set(),
): readonly Json[] {
  const merged = new Map<string, Json>();
  const prevailing = new Set<string>();
  for (const value of values) {
    const identity = identityOf(attribute, value);
    const before = merged.get(identity);
    const wasFresh = prevailing.has(identity);
    const stays = wasFresh && !fresh.has(value);
    if (fresh.has(value)) prevailing.add(identity);
    if (isObject(before) && isObject(value)) {
      const one = stays ? { ...value, ...before } : { ...before, ...value };
      // Of two that were changed together neither takes the primary from the other.
      const isFirst = isPrimary(before) && wasFresh === fresh.has(value);
      merged.set(identity, isFirst ? { ...one, primary: true } : one);
    } else merged.set(identity, before ?? value);
  }
  return merged.size === values.length ? values : [...merged.values()];
}
