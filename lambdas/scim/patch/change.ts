import { attributeNamed, subAttributesOf } from "../attributes.ts";
import { invalidValue } from "../errors.ts";
import { checkRemovable, keepImmutable } from "../immutable.ts";
import { isArray, isObject, type Json, type JsonObject, own, withMember } from "../json.ts";
import type { Path } from "../path.ts";
import { replaceValues } from "../replace.ts";
import type { Attribute } from "../schema.ts";
import { readSingle, readValues } from "../values.ts";
import { changeEach, changeMatching } from "./change-matching.ts";
import { addValues, removeValues } from "./change-values.ts";
import type { Operation } from "./read.ts";

/** What an operation does to the attribute that its path has led to; errors call the place `at`. */
export interface Change {
  readonly op: Operation["op"];
  readonly value: Json | undefined;
  readonly at: string;
  readonly mayMiss?: boolean | undefined;
}

type Target = Pick<Path, "attribute" | "filter" | "subAttribute">;

/** `holder` with `change` made to the attribute, values or sub-attribute that `target` says. */
export function changeMember(holder: JsonObject, target: Target, change: Change): JsonObject {
  const { attribute } = target;
  const before = own(holder, attribute.name);
  const after = changeTarget(before, target, change);
  return withMember(holder, attribute.name, keepImmutable(attribute, before, after, change.at));
}

/**
 * What becomes of the whole of `attribute`, which holds `before` (RFC 7644, sections 3.5.2.1 to
 * 3.5.2.3): undefined means unassigned. @throws invalidValue, mutability
 */
export function change(
  attribute: Attribute,
  before: Json | undefined,
  { op, value, at }: Change,
): Json | undefined {
  return keepImmutable(attribute, before, changed(attribute, before, { op, value, at }), at);
}

function changeTarget(
  before: Json | undefined,
  { attribute, filter, subAttribute }: Target,
  made: Change,
): Json | undefined {
  if (filter) return changeMatching(before, { attribute, filter, subAttribute }, made);
  if (!subAttribute) return change(attribute, before, made);
  if (attribute.multiValued) return changeEach(before, attribute, subAttribute, made);

  const holder = isObject(before) ? before : {};
  return changeSubAttribute(holder, subAttribute, made);
}

/** `holder` with its sub-attribute changed, undefined if that leaves nothing. */
export function changeSubAttribute(
  holder: JsonObject,
  subAttribute: Attribute,
  { op, value, at }: Change,
): JsonObject | undefined {
  const after = change(subAttribute, own(holder, subAttribute.name), { op, value, at });
  return unlessEmpty(withMember(holder, subAttribute.name, after));
}

function changed(
  attribute: Attribute,
  before: Json | undefined,
  { op, value = null, at }: Change,
): Json | undefined {
  if (attribute.multiValued) return changedValues(attribute, before, { op, value, at });
  if (op === "remove" || value === null) {
    checkRemovable(attribute, before, at);
    return undefined;
  }
  if (attribute.type !== "complex") return readSingle(attribute, value, at);

  if (!isObject(value)) throw invalidValue(`${at} must be an object of its sub-attributes.`);
  return merge(attribute, isObject(before) ? before : {}, { op, value, at });
}

function changedValues(
  attribute: Attribute,
  before: Json | undefined,
  { op, value = null, at }: Change,
): Json | undefined {
  const values = isArray(before) ? before : [];
  // The RFC gives a remove no value; to ignore one would take away what it does not name.
  if (op === "remove") return removeValues(attribute, values, value, at);

  const read = value === null ? [] : readValues(attribute, isArray(value) ? value : [value], at);
  const given = read ?? [];
  if (op === "add") return addValues(attribute, values, given, at);
  return given.length > 0 ? replaceValues(attribute, values, given, at) : undefined;
}

/** Sub-attributes that `value` does not name are left as they are. */
export function merge(
  attribute: Attribute,
  before: JsonObject,
  { op, value, at }: Change,
): JsonObject | undefined {
  let after = before;
  const seen = new Set<string>();
  for (const [name, member] of Object.entries(isObject(value) ? value : {})) {
    const sub = attributeNamed(subAttributesOf(attribute), name);
    if (!sub || sub.mutability === "readOnly") continue;
    if (seen.has(sub.name)) throw invalidValue(`${at}.${sub.name} is given twice; give it once.`);
    seen.add(sub.name);
    const held = own(after, sub.name);
    const next = change(sub, held, { op, value: member, at: `${at}.${sub.name}` });
    after = withMember(after, sub.name, next);
  }
  return unlessEmpty(after);
}

function unlessEmpty(object: JsonObject): JsonObject | undefined {
  return Object.keys(object).length > 0 ? object : undefined;
}
