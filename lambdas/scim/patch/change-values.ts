import { invalidValue, noTarget } from "../errors.ts";
import type { Filter } from "../filter/filter.ts";
import { elementMatcher } from "../filter/matches.ts";
import { isArray, isObject, type Json, type JsonObject, own } from "../json.ts";
import type { Attribute } from "../schema.ts";
import { checkCount, identityOf, isPrimary, mergeSame, readSingle } from "../values.ts";
import { type Change, changeSubAttribute, merge } from "./change.ts";
import { valueFromFilter } from "./value-from-filter.ts";

interface FilteredTarget {
  readonly attribute: Attribute;
  readonly filter: Filter;
  readonly subAttribute: Attribute | undefined;
}

/** Appends those of `given` that are not there yet (RFC 7644, section 3.5.2.1). */
export function addValues(
  attribute: Attribute,
  values: readonly Json[],
  given: readonly Json[],
  at: string,
): readonly Json[] | undefined {
  const added = given.map((value) => withTypeOfSame(attribute, values, value));
  return settle(attribute, values, [...values, ...added], at);
}

/** A value without `type` is no other than the one that is there with a type. */
function withTypeOfSame(attribute: Attribute, values: readonly Json[], value: Json): Json {
  if (!isObject(value) || own(value, "value") === undefined || Object.hasOwn(value, "type"))
    return value;
  const identity = identityOf(attribute, { value: own(value, "value") ?? null });
  const same = values.filter((held) => identityOf(attribute, bare(held)) === identity);
  const [only] = same;
  const type = same.length === 1 && isObject(only) ? own(only, "type") : undefined;
  return type === undefined ? value : { ...value, type };
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
  return settle(attribute, values, after, change.at);
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
  if (!isMatched && change.op === "remove") return before;
  if (!isMatched && change.op === "replace") {
    throw noTarget(`No value of ${change.at} satisfies the filter; add one.`);
  }

  const changed = (value: Json) => changeOne(value, attribute, subAttribute, change);
  const after = isMatched
    ? values.map((value, index) => (matched[index] ? changed(value) : value))
    : [...values, changed(valueFromFilter(filter, attribute))];
  const settled = settle(attribute, values, after, change.at);
  return attribute.multiValued ? settled : settled?.[0];
}

function changeOne(
  value: Json,
  attribute: Attribute,
  subAttribute: Attribute | undefined,
  change: Change,
): Json | undefined {
  if (subAttribute) return changePart(value, subAttribute, change);
  if (change.op === "remove") return undefined;
  if (change.op === "replace" || attribute.type !== "complex") {
    return readSingle(attribute, change.value ?? null, change.at);
  }
  if (!isObject(change.value)) throw invalidValue(`${change.at} must be an object.`);
  return merge(attribute, isObject(value) ? value : {}, change);
}

function changePart(value: Json, subAttribute: Attribute, change: Change): Json | undefined {
  const after = changeSubAttribute(isObject(value) ? value : {}, subAttribute, change);
  const isLess = change.op === "remove" || change.value === null;
  return isLess && after && saysOnlyWhatFor(after) ? undefined : after;
}

/** A value of which only `type` and `primary` are left says nothing any more. */
export function saysOnlyWhatFor(value: Json): boolean {
  return (
    isObject(value) && Object.keys(value).every((name) => name === "type" || name === "primary")
  );
}

/** Drops what became empty, makes same values one, and leaves one value at most as primary. */
function settle(
  attribute: Attribute,
  before: readonly Json[],
  after: readonly (Json | undefined)[],
  at: string,
): readonly Json[] | undefined {
  const present = after.filter((value) => value !== undefined);
  const fresh = present.filter((value, index) => value !== before[index]);
  const kept = haveSame(attribute, present, fresh)
    ? mergeSame(attribute, present, new Set(fresh))
    : present;
  checkCount(kept, at);
  if (kept.length === 0) return undefined;
  return fresh.some(isPrimary) ? demoteOthers(kept, before) : kept;
}

/** The value that became primary last is the only one that is. */
function demoteOthers(values: readonly Json[], before: readonly Json[]): readonly Json[] {
  const held = new Set(before);
  const preferred = values.findLast((value) => isPrimary(value) && !held.has(value));
  if (preferred === undefined) return values;
  return values.map((value) =>
    isPrimary(value) && value !== preferred ? { ...value, primary: false } : value,
  );
}

/** Whether two may be the same, of which one is fresh: thousands of operations change one each. */
function haveSame(attribute: Attribute, values: readonly Json[], fresh: readonly Json[]): boolean {
  const [only, ...more] = fresh;
  if (only === undefined || more.length > 0) return fresh.length > 0;
  const identity = identityOf(attribute, only);
  return values.some((value) => value !== only && identityOf(attribute, value) === identity);
}

/** A filter may also stand behind an attribute of one value: then that value is the only one. */
function valuesOf(before: Json | undefined): readonly Json[] {
  if (before === undefined) return [];
  return isArray(before) ? before : [before];
}

/** A value as it is named by `value` alone. */
function bare(value: Json): Json {
  const text = isObject(value) ? own(value, "value") : undefined;
  if (!isObject(value) || text === undefined) return value;
  const known = bareValues.get(value) ?? { value: text };
  bareValues.set(value, known);
  return known;
}

/** Kept, so that what is computed of one is not computed for every operation. */
const bareValues = new WeakMap<JsonObject, JsonObject>();
