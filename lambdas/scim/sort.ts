import { findAttribute, stepsOf } from "./attribute-path.ts";
import { attributeNamed, subAttributesOf } from "./attributes.ts";
import { comparableText } from "./comparable.ts";
import { invalidValue } from "./errors.ts";
import { isPrimary } from "./identity.ts";
import { instantOf } from "./instant.ts";
import { isArray, isObject, type Json, type JsonObject, own, quoted } from "./json.ts";
import type { Attribute, ResourceType } from "./schema.ts";

/** The values of `sortOrder` (RFC 7644, section 3.4.2.3). */
export type SortOrder = "ascending" | "descending";

/** By what a resource is sorted: text as its case rule has it, a number, or null for no value. */
export type SortKey = string | number | null;

/** Finds the key of a resource. */
export type SortKeyReader = (resource: JsonObject) => SortKey;

/** Text that agrees so far is in the order of the ids, so that a key fits into a cursor. */
const mostCharacters = 200;

/**
 * Readies sorting by the attribute that `sortBy` names (RFC 7644, section 3.4.2.3): a complex one
 * goes by its `value`, a multi-valued one by its primary value, else by its first. Undefined if
 * `type` has none such. @throws invalidValue if nothing can be sorted by it.
 */
export function sortKeyReader(sortBy: string, type: ResourceType): SortKeyReader | undefined {
  const found = findAttribute(sortBy, type);
  if (!found) return undefined;

  const path = stepsOf(found);
  const value = attributeNamed(subAttributesOf(path.at(-1) ?? found.attribute), "value");
  const steps = value ? [...path, value] : path;
  const last = steps.at(-1) ?? found.attribute;
  // What is never returned must not be guessed from the order either.
  if (steps.some(({ returned }) => returned === "never")) throw unknownSortBy(sortBy);
  if (last.type === "complex")
    throw invalidValue(`sortBy names ${quoted(sortBy)}, which has sub-attributes; name one.`);
  return (resource) => keyOf(last, valueAt(steps, resource));
}

/** The refusal to sort by what no resource in the list has. */
export const unknownSortBy = (sortBy: string) =>
  invalidValue(`sortBy names ${quoted(sortBy)}, which cannot be sorted by here.`);

/** The order of two resources that have these keys: by key, then by id; no value is last when ascending and first when descending. */
export function compareSorted(
  one: { readonly key: SortKey; readonly id: string },
  other: { readonly key: SortKey; readonly id: string },
  order: SortOrder,
): number {
  const byKey = compareKeys(one.key, other.key);
  if (byKey !== 0) return order === "ascending" ? byKey : -byKey;
  return compare(one.id, other.id);
}

function compareKeys(one: SortKey, other: SortKey): number {
  if (one === null || other === null) return Number(one === null) - Number(other === null);
  if (typeof one === "number" && typeof other === "number") return compare(one, other);
  if (typeof one === "string" && typeof other === "string") return compare(one, other);
  // Two resource types may have attributes of one name and of different types.
  return typeof one === "number" ? -1 : 1;
}

function compare<T extends string | number>(one: T, other: T): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

function valueAt(steps: readonly Attribute[], value: Json): Json {
  const [step, ...rest] = steps;
  if (!step) return value;
  const held = isObject(value) ? (own(value, step.name) ?? null) : null;
  return valueAt(rest, isArray(held) ? (held.find(isPrimary) ?? held[0] ?? null) : held);
}

function keyOf({ type, caseExact }: Attribute, value: Json): SortKey {
  switch (type) {
    case "string":
    case "reference":
      return textKey(value, comparableText({ type, caseExact }));
    case "binary":
      return textKey(value, (text) => text);
    case "boolean":
      return typeof value === "boolean" ? Number(value) : null;
    case "integer":
    case "decimal":
      return typeof value === "number" ? value : null;
    case "dateTime":
      return typeof value === "string" ? (instantOf(value) ?? null) : null;
    case "complex":
      return null;
  }
}

/** Folding may make text shorter, so more than the key needs is folded. */
function textKey(value: Json, fold: (text: string) => string): SortKey {
  if (typeof value !== "string") return null;
  return fold(value.slice(0, 4 * mostCharacters)).slice(0, mostCharacters);
}
