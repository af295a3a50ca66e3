import { attributeNamed, isExtension, subAttributesOf } from "./attributes.ts";
import { mutability } from "./errors.ts";
import { areEqual, identityOf } from "./identity.ts";
import { isArray, isObject, type Json, type JsonObject, own } from "./json.ts";
import type { Attribute } from "./schema.ts";

/**
 * Whether `given` says of `attribute` what `before` does, by the attribute's own rule of equality;
 * of a complex value, what is immutable or writeOnly may be left out.
 */
function isUnchanged(attribute: Attribute, before: Json, given: Json): boolean {
  if (!isArray(before) || !isArray(given)) return isSameValue(attribute, before, given);
  const named = new Map(given.map((one) => [identityOf(attribute, one), one]));
  return (
    before.length === given.length &&
    before.every((one) => {
      const other = named.get(identityOf(attribute, one));
      return other !== undefined && isSameValue(attribute, one, other);
    })
  );
}

/** The value that stays where `attribute`, immutable, held `before` and a change leads to `after`. @throws mutability */
export function keepImmutable(
  attribute: Attribute,
  before: Json | undefined,
  after: Json | undefined,
  at: string,
): Json | undefined {
  if (attribute.mutability !== "immutable" || before === undefined) return after;
  if (after !== undefined && isUnchanged(attribute, before, after)) return before;
  throw mutability(`${at} cannot be changed once it is set.`);
}

/** `given`, which is to be merged into `before`, with what is immutable of that. @throws mutability */
export function keepImmutableParts(
  attribute: Attribute,
  before: JsonObject,
  given: JsonObject,
  at: string,
): JsonObject {
  const kept = Object.entries(before).flatMap(([name, held]) => {
    const sub = attributeNamed(subAttributesOf(attribute), name);
    if (sub?.mutability !== "immutable" || !Object.hasOwn(given, name)) return [];
    keepImmutable(sub, held, own(given, name), `${at}.${name}`);
    return [[name, held] as const];
  });
  return kept.length > 0 ? { ...given, ...Object.fromEntries(kept) } : given;
}

/** Checks that `before` may be taken away, which nothing immutable may. @throws mutability */
export function checkRemovable(attribute: Attribute, before: Json | undefined, at: string): void {
  if (before === undefined) return;
  keepImmutable(attribute, before, undefined, at);
  // A value of several goes as a whole, with whatever is in it.
  if (attribute.multiValued || !isObject(before)) return;
  const separator = isExtension(attribute) ? ":" : ".";
  for (const sub of subAttributesOf(attribute)) {
    checkRemovable(sub, own(before, sub.name), `${at}${separator}${sub.name}`);
  }
}

function isSameValue(attribute: Attribute, before: Json, given: Json): boolean {
  if (!isObject(before) || !isObject(given)) return areEqual(attribute, before, given);
  return subAttributesOf(attribute).every((sub) => {
    const held = own(before, sub.name);
    const other = own(given, sub.name);
    if (other === undefined) return held === undefined || sub.mutability !== "readWrite";
    return sub.mutability === "readOnly" || (held !== undefined && isUnchanged(sub, held, other));
  });
}
