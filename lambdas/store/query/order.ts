import type { Place } from "../../scim/cursor.ts";
import type { ListQuery } from "../../scim/list-query.ts";
import { compareSorted } from "../../scim/sort.ts";
import type { Prepared } from "./prepare.ts";

/** The order of a query's answer: as it sorts, or type after type, each by its ids. */
export function inOrder(
  sources: readonly Pick<Prepared, "name">[],
  { sortBy, sortOrder }: ListQuery,
): (one: Place, other: Place) => number {
  const ranks = new Map(sources.map(({ name }, rank) => [name, rank]));
  const byType = (one: Place, other: Place) =>
    (ranks.get(one.type) ?? 0) - (ranks.get(other.type) ?? 0);
  // Without `sortBy` the keys are all the same, so that this is the order of the ids.
  return sortBy === undefined
    ? (one, other) => byType(one, other) || compareSorted(one, other, "ascending")
    : (one, other) => compareSorted(one, other, sortOrder) || byType(one, other);
}
