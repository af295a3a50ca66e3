import type { JsonObject } from "../../scim/json.ts";
import type { ListPage } from "../../scim/list-response.ts";
import type { Stored } from "../../scim/stored.ts";
import type { Found, QueryPage } from "../query.ts";

/**
 * Shows resources of one type, in the order in which they are given. Those that are gone meanwhile
 * are left out, and so are the last ones where all would be too much for one answer.
 */
export type Show = (stored: readonly Stored[], type: string) => Promise<readonly JsonObject[]>;

/** The page as the client sees it; where not all of it fits, its cursor leads to the first that does not. */
export async function showPage(page: QueryPage, show: Show): Promise<ListPage> {
  const onTheWay = page.isBackward ? page.found.toReversed() : page.found;
  const types = [...new Set(onTheWay.map(({ type }) => type))];
  const shown = new Map<Found, JsonObject>();
  const cuts: number[] = [];
  for (const type of types) {
    const ofType = onTheWay.filter((found) => found.type === type);
    const answer = await show(
      ofType.map(({ stored }) => stored),
      type,
    );
    const byId = new Map(answer.map((resource) => [resource.id, resource]));
    for (const found of ofType) {
      const resource = byId.get(found.id);
      if (resource) shown.set(found, resource);
    }
    const left = ofType[ofType.findLastIndex((found) => shown.has(found)) + 1];
    if (left && answer.length > 0) cuts.push(onTheWay.indexOf(left));
  }
  const kept = cuts.length > 0 ? page.shortened(Math.min(...cuts)) : page;
  const { found, totalResults, startIndex, nextCursor, previousCursor } = kept;
  const resources = found.map((one) => shown.get(one)).filter((resource) => !!resource);
  if (resources.length < page.found.length) await kept.keepShown?.(resources.length);
  return { resources, totalResults, startIndex, nextCursor, previousCursor };
}
