import { attributeNamed, isExtension, rootAttributes, subAttributesOf } from "./attributes.ts";
import { saySame } from "./equal.ts";
import { bare, identityOf } from "./identity.ts";
import { keepImmutable } from "./immutable.ts";
import { isArray, isObject, type Json, type JsonObject, own } from "./json.ts";
import { checkRequired } from "./required.ts";
import type { Attribute, ResourceType } from "./schema.ts";
import { withSchemas } from "./validate.ts";

/**
 * What a PUT makes of `before`, where `given` is what readResource read of the body (RFC 7644,
 * section 3.5.1): all is replaced, save for what is readOnly, and for what is immutable or
 * writeOnly and left out. The very same object if nothing changes. @throws mutability if what is
 * immutable and set is given another value, invalidValue if a required attribute would be missing
 */
export function replaceResource(
  before: JsonObject,
  given: JsonObject,
  type: ResourceType,
): JsonObject {
  const root = rootAttributes(type);
  const after = withSchemas(
    replaceMembers(root, before, given, (name) => name),
    type,
  );
  if (saySame(before, after)) return before;
  checkRequired(after, type, before);
  return after;
}

/** One value of a complex attribute, replaced by another in the same way. @throws mutability */
export function replaceValue(
  attribute: Attribute,
  before: JsonObject,
  given: JsonObject,
  at: string,
): JsonObject {
  if (!isGuarded(attribute)) return given;
  const separator = isExtension(attribute) ? ":" : ".";
  const subAttributes = subAttributesOf(attribute);
  return replaceMembers(subAttributes, before, given, (name) => `${at}${separator}${name}`);
}

/** All values of a multi-valued attribute: what is guarded stays with the value that it belongs to. @throws mutability */
export function replaceValues(
  attribute: Attribute,
  before: readonly Json[],
  given: readonly Json[],
  at: string,
): readonly Json[] {
  if (!isGuarded(attribute) || before.length === 0) return given;
  const held = new Map(before.map((one) => [identityOf(attribute, one), one]));
  const heldAlone = onesByValue(attribute, before);
  const givenAlone = onesByValue(attribute, given);
  return given.map((one) => {
    // A value whose type is left out is the only one of that value, if there is only one.
    const value = identityOf(attribute, bare(one));
    const same =
      held.get(identityOf(attribute, one)) ?? (givenAlone.get(value) && heldAlone.get(value));
    return isObject(same) && isObject(one) ? replaceValue(attribute, same, one, at) : one;
  });
}

/** The values whose `value` no other has, by that. */
function onesByValue(
  attribute: Attribute,
  values: readonly Json[],
): ReadonlyMap<string, Json | undefined> {
  const ones = new Map<string, Json | undefined>();
  for (const one of values) {
    const value = identityOf(attribute, bare(one));
    ones.set(value, ones.has(value) ? undefined : one);
  }
  return ones;
}

function replaceMembers(
  attributes: readonly Attribute[],
  before: JsonObject,
  given: JsonObject,
  nameOf: (name: string) => string,
): JsonObject {
  const names = new Set([...Object.keys(before), ...Object.keys(given)]);
  const members = [...names].flatMap((name): readonly (readonly [string, Json])[] => {
    const attribute = attributeNamed(attributes, name);
    const after =
      attribute && replaceMember(attribute, own(before, name), own(given, name), nameOf(name));
    return after === undefined ? [] : [[name, after]];
  });
  return Object.fromEntries(members);
}

function replaceMember(
  attribute: Attribute,
  before: Json | undefined,
  given: Json | undefined,
  at: string,
): Json | undefined {
  if (attribute.mutability === "readOnly") return before;
  if (before === undefined) return given;
  if (given === undefined && attribute.mutability !== "readWrite") return before;
  if (attribute.mutability === "immutable") return keepImmutable(attribute, before, given, at);

  if (isArray(before)) return isArray(given) ? replaceValues(attribute, before, given, at) : given;
  if (!isObject(before) || !isGuarded(attribute)) return given;
  const after = replaceValue(attribute, before, isObject(given) ? given : {}, at);
  return given === undefined && saysOnlyOfService(attribute, after) ? undefined : after;
}

/** What the service adds to a value goes with the value; what it adds to a resource stays. */
function saysOnlyOfService(attribute: Attribute, value: JsonObject): boolean {
  const names = Object.keys(value);
  const subAttributes = subAttributesOf(attribute);
  const isOfService = (name: string) =>
    attributeNamed(subAttributes, name)?.mutability === "readOnly";
  return isExtension(attribute) ? names.length === 0 : names.every(isOfService);
}

/** Whether anything in a value of `attribute` is not simply replaced; most schemas have little of that. */
function isGuarded(attribute: Attribute): boolean {
  let guarded = known.get(attribute);
  if (guarded === undefined) {
    const isOwn = (sub: Attribute) => sub.mutability !== "readWrite" || isGuarded(sub);
    guarded = subAttributesOf(attribute).some(isOwn);
    known.set(attribute, guarded);
  }
  return guarded;
}

const known = new WeakMap<Attribute, boolean>();
