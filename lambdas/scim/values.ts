import { attributeNamed, subAttributesOf } from "./attributes.ts";
import { invalidValue } from "./errors.ts";
import { isPrimary, mergeSame } from "./identity.ts";
import { isArray, isObject, type Json, type JsonObject, quoted } from "./json.ts";
import type { Attribute } from "./schema.ts";
import { simpleTypes } from "./simple-types.ts";

/** A multi-valued attribute may not hold more, so that no request costs the square of its size. */
const maxValues = 500;

/**
 * Reads what a client gave for `attribute`, which errors call `at`. Undefined means unassigned:
 * null, an empty list and an object without sub-attributes say no more (RFC 7643, section 2.5).
 * @throws invalidValue if it is not of the attribute's type.
 */
function readValue(attribute: Attribute, value: Json, at: string): Json | undefined {
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
    .map((value, index) => readOne(attribute, value, `${at}[${index}]`))
    .filter((value) => value !== undefined);
  if (read.filter(isPrimary).length > 1) {
    throw invalidValue(`${at} has more than one value with primary true; give one at most.`);
  }
  return read.length > 0 ? mergeSame(attribute, read) : undefined;
}

/** Null says that an attribute has no value; as one of its values it says nothing. */
function readOne(attribute: Attribute, value: Json, at: string): Json | undefined {
  if (value === null) throw wrongType(at, "a value, not null");
  return readSingle(attribute, value, at);
}

/** @throws invalidValue if `values` are more than an attribute may have. */
export function checkCount(values: readonly Json[], at: string): void {
  if (values.length > maxValues) {
    throw invalidValue(`${at} has ${values.length} values; at most ${maxValues} are kept.`);
  }
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

function wrongType(at: string, expected: string) {
  return invalidValue(`${quoted(at)} must be ${expected}.`);
}
