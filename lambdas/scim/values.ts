import { attributeNamed, subAttributesOf } from "./attributes.ts";
import { foldCase } from "./case-folding.ts";
import { invalidValue } from "./errors.ts";
import { isArray, isObject, type Json, type JsonObject, own, quoted } from "./json.ts";
import type { Attribute } from "./schema.ts";

/** A multi-valued attribute may not hold more, so that no request costs the square of its size. */
export const maxValues = 500;

/**
 * Reads what a client gave for `attribute`, which errors call `at`. Undefined means unassigned:
 * null, an empty list and an object without sub-attributes say no more (RFC 7643, section 2.5).
 * @throws invalidValue if it is not of the attribute's type.
 */
export function readValue(attribute: Attribute, value: Json, at: string): Json | undefined {
  if (!attribute.multiValued) return readSingle(attribute, value, at);
  if (value === null) return undefined;
  if (!isArray(value)) throw wrongType(at, "a list");
  return readValues(attribute, value, at);
}

/** Reads one value of `attribute`, whether or not it may have several. @throws invalidValue */
export function readSingle(attribute: Attribute, value: Json, at: string): Json | undefined {
  if (value === null) return undefined;
  if (attribute.type === "complex") return readComplex(attribute, value, at);

  const { isValid, name } = simpleTypes[attribute.type];
  if (!isValid(value)) throw wrongType(at, name);
  return value;
}

/** Reads a list of values; those that say the same are one (RFC 7643, section 2.4). @throws invalidValue */
export function readValues(
  attribute: Attribute,
  values: readonly Json[],
  at: string,
): readonly Json[] | undefined {
  checkCount(values, at);
  const read = values
    .map((value, index) => readSingle(attribute, value, `${at}[${index}]`))
    .filter((value) => value !== undefined);
  if (read.filter(isPrimary).length > 1) {
    throw invalidValue(`${at} has more than one value with primary true; give one at most.`);
  }
  return read.length > 0 ? mergeSame(attribute, read) : undefined;
}

/** @throws invalidValue if `values` are more than an attribute may have. */
export function checkCount(values: readonly Json[], at: string): void {
  if (values.length > maxValues) {
    throw invalidValue(`${at} has ${values.length} values; at most ${maxValues} are kept.`);
  }
}

/** Whether `value` is one whose `primary` is true. */
export function isPrimary(value: Json): value is JsonObject {
  return isObject(value) && own(value, "primary") === true;
}

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
  const valueAttribute = attributeNamed(subAttributesOf(attribute), "value");
  const caseExact = (valueAttribute ?? attribute).caseExact;
  const fold = (part: Json | undefined) =>
    typeof part === "string" && !caseExact ? foldCase(part) : (part ?? null);

  if (!isObject(value)) return JSON.stringify(fold(value));
  const text = own(value, "value");
  if (text === undefined) return JSON.stringify(Object.entries(value).toSorted(byName));
  return JSON.stringify([fold(text), fold(own(value, "type"))]);
}

function readComplex(attribute: Attribute, value: Json, at: string): JsonObject | undefined {
  if (!isObject(value)) throw wrongType(at, "an object");
  const members = readMembersOf(subAttributesOf(attribute), value, (name) => `${at}.${name}`);
  return Object.keys(members).length > 0 ? members : undefined;
}

/**
 * Reads an object by the attributes that it may have, under the schema's spelling of their names.
 * Others, and those that only the service sets, are left out. @throws invalidValue
 */
export function readMembersOf(
  attributes: readonly Attribute[],
  object: JsonObject,
  nameOf: (name: string) => string,
): JsonObject {
  const members = new Map<string, Json>();
  const seen = new Set<string>();
  for (const [name, value] of Object.entries(object)) {
    const attribute = attributeNamed(attributes, name);
    if (!attribute || attribute.mutability === "readOnly") continue;
    const at = nameOf(attribute.name);
    if (seen.has(at)) throw invalidValue(`${at} is given twice, in different case; give it once.`);
    seen.add(at);
    const read = readValue(attribute, value, at);
    if (read !== undefined) members.set(attribute.name, read);
  }
  return Object.fromEntries(members);
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

/** The simple types of RFC 7643, section 2.3, with the words that ask for them. */
const simpleTypes = {
  string: { name: "a string", isValid: isString },
  reference: { name: "a string that holds a URI", isValid: isString },
  boolean: { name: "true or false", isValid: (value: Json) => typeof value === "boolean" },
  decimal: { name: "a number", isValid: (value: Json) => Number.isFinite(value) },
  integer: { name: "a whole number", isValid: (value: Json) => Number.isSafeInteger(value) },
  dateTime: { name: "a time such as 2026-01-31T08:00:00Z", isValid: isTime },
  binary: {
    name: "a string of base64",
    isValid: (value: Json) => isString(value) && /^[A-Za-z0-9+/_-]*={0,2}$/.test(value),
  },
};

function isString(value: Json): value is string {
  return typeof value === "string";
}

function isTime(value: Json): boolean {
  const form = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?$/;
  return isString(value) && form.test(value) && !Number.isNaN(Date.parse(value));
}

function byName([a]: readonly [string, Json], [b]: readonly [string, Json]): number {
  return a < b ? -1 : 1;
}

function wrongType(at: string, expected: string) {
  return invalidValue(`${quoted(at)} must be ${expected}.`);
}
