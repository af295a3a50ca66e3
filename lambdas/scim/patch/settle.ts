import { identityOf, isPrimary, mergeSame } from "../identity.ts";
import type { Json } from "../json.ts";
import type { Attribute } from "../schema.ts";
import { checkCount } from "../values.ts";

/** Drops what became empty, makes same values one, and leaves one value at most as primary. */
export function settle(
  attribute: Attribute,
  before: readonly Json[],
  after: readonly (Json | undefined)[],
  at: string,
): readonly Json[] | undefined {
  const present = after.filter((value) => value !== undefined);
  const fresh = after.flatMap((value, index) =>
    value === undefined || value === before[index] ? [] : [value],
  );
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
  return values.filter((value) => identityOf(attribute, value) === identity).length > 1;
}
