import { invalidValue, noTarget } from "../errors.ts";
import type { Filter } from "../filter/filter.ts";
import { elementMatcher } from "../filter/matches.ts";
import { isPrimary } from "../identity.ts";
import { checkRemovable } from "../immutable.ts";
import { isArray, isObject, type Json } from "../json.ts";
import { replaceValue } from "../replace.ts";
import type { Attribute } from "../schema.ts";
import { readSingle } from "../values.ts";
import { type Change, changeSubAttribute, merge } from "./change.ts";
import { saysOnlyWhatFor } from "./change-values.ts";
import { settle } from "./settle.ts";
import { valueFromFilter } from "./value-from-filter.ts";

interface FilteredTarget {
  readonly attribute: Attribute;
  readonly filter: Filter;
  readonly subAttribute: Attribute | undefined;
}

const done = { remove: "removed", replace: "replaced" };

/** Changes a sub-attribute of every value. */
export function changeEach(
  before: Json | undefined,
  attribute: Attribute,
  subAttribute: Attribute,
  change: Change,
): readonly Json[] | undefined {
  const values = isArray(before) ? before : [];
  const targets = values.length === 0 && change.op !== "remove" ? [{}] : values;
  const after = targets.map((value) => changeOne(value, attribute, subAttribute, change));
  return settle(attribute, values, keepPrimary(values, after), change.at);
}

/** Changes the values that satisfy the filter, or one sub-attribute of them. @throws noTarget */
export function changeMatching(
  before: Json | undefined,
  { attribute, filter, subAttribute }: FilteredTarget,
  change: Change,
): Json | undefined {
  const values = valuesOf(before);
  const isMatch = elementMatcher(filter, attribute);
  const matched = values.map(isMatch);
  const isMatched = matched.includes(true);
  if (!isMatched && change.op === "remove" && change.mayMiss) return before;
  if (!isMatched && change.op !== "add") {
    throw noTarget(
      `No value of ${change.at} satisfies the filter, so none can be ${done[change.op]}.`,
    );
  }

  const changed = (value: Json) => changeOne(value, attribute, subAttribute, change);
  if (isMatched) {
    const after = values.map((value, index) => (matched[index] ? changed(value) : value));
    const isTarget = (_: Json | undefined, index: number) => matched[index] === true;
    const settled = settle(attribute, values, keepPrimary(values, after, isTarget), change.at);
    return attribute.multiValued ? settled : settled?.[0];
  }

  const created = changed(create(filter, attribute, isMatch, change));
  if (attribute.multiValued) return settle(attribute, values, [...values, created], change.at);
  // An attribute of one value has room for no other.
  return isObject(before) && isObject(created)
    ? replaceValue(attribute, before, created, change.at)
    : created;
}

/**
 * If several values are made primary at once, the one that is so already stays it. Else the same
 * operation, sent again, would choose another.
 */
function keepPrimary(
  before: readonly Json[],
  after: readonly (Json | undefined)[],
  isTarget: (value: Json | undefined, index: number) => boolean = () => true,
): readonly (Json | undefined)[] {
  const stays = (value: Json | undefined, index: number) =>
    value !== undefined && isPrimary(value) && isPrimary(before[index] ?? null);
  const kept = after.findIndex((value, index) => isTarget(value, index) && stays(value, index));
  if (kept < 0) return after;
  return after.map((value, index) =>
    index !== kept && value !== undefined && value !== before[index] && isPrimary(value)
      ? { ...value, primary: false }
      : value,
  );
}

/** The value that an add is to change where none satisfies the filter. @throws noTarget */
function create(
  filter: Filter,
  attribute: Attribute,
  isMatch: (value: Json) => boolean,
  { value = null, at }: Change,
): Json {
  const named = valueFromFilter(filter, attribute);
  const created = attribute.type === "complex" ? named : readSingle(attribute, value, at);
  if (created !== undefined && isMatch(created)) return created;
  throw noTarget(`No value of ${at} satisfies the filter, and none that is made by it would.`);
}

function changeOne(
  value: Json,
  attribute: Attribute,
  subAttribute: Attribute | undefined,
  change: Change,
): Json | undefined {
  if (subAttribute) return changePart(value, subAttribute, change);
  const { op, at } = change;
  if (op === "remove") {
    checkRemovable(attribute, value, at);
    return undefined;
  }
  if (op === "replace" || attribute.type !== "complex") {
    const given = readSingle(attribute, change.value ?? null, at);
    return isObject(value) && isObject(given) ? replaceValue(attribute, value, given, at) : given;
  }
  if (!isObject(change.value)) throw invalidValue(`${change.at} must be an object.`);
  return merge(attribute, isObject(value) ? value : {}, change);
}

function changePart(value: Json, subAttribute: Attribute, change: Change): Json | undefined {
  const after = changeSubAttribute(isObject(value) ? value : {}, subAttribute, change);
  const isLess = change.op === "remove" || change.value === null;
  return isLess && after && saysOnlyWhatFor(after) ? undefined : after;
}

/** A filter may also stand behind an attribute of one value: then that value is the only one. */
function valuesOf(before: Json | undefined): readonly Json[] {
  if (before === undefined) return [];
  return isArray(before) ? before : [before];
}
