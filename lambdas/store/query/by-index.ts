import { beginning } from "../../scim/cursor.ts";
import type { ListQuery } from "../../scim/list-query.ts";
import type { Found, QueryPage } from "../query.ts";
import { pageBytes } from "../store.ts";
import { examine, tooMuchToRead } from "./examine.ts";
import { inOrder } from "./order.ts";
import type { Prepared, PreparedQuery } from "./prepare.ts";

/** A page that is counted from `startIndex` (RFC 7644, section 3.4.2.4), with the exact total. */
export async function pageByIndex(
  { sources }: PreparedQuery,
  tenant: string,
  query: ListQuery,
): Promise<QueryPage> {
  const isPlain = sources.every((source) => source.isPlain);
  const { found, totalResults } = isPlain
    ? await readPages(sources, tenant, query)
    : await readWhole(sources, tenant, query);
  return indexPage(fitting(found), totalResults, query.startIndex);
}

function indexPage(found: readonly Found[], totalResults: number, startIndex: number): QueryPage {
  return {
    found,
    resources: found.map(({ stored }) => stored),
    totalResults,
    startIndex,
    nextCursor: undefined,
    previousCursor: undefined,
    isBackward: false,
    shortened: (most) => indexPage(found.slice(0, most), totalResults, startIndex),
  };
}

interface Window {
  readonly found: readonly Found[];
  readonly totalResults: number;
}

/** The types' own pages, one behind the other. */
async function readPages(
  sources: readonly Prepared[],
  tenant: string,
  { startIndex, count }: ListQuery,
): Promise<Window> {
  const found: Found[] = [];
  let totalResults = 0;
  let wanted = count;
  for (const { name: type, reader } of sources) {
    const skipped = Math.max(0, startIndex - 1 - totalResults);
    const page = await reader.page(tenant, skipped + 1, wanted);
    found.push(...page.resources.map((stored) => ({ type, id: stored.id, key: null, stored })));
    totalResults += page.totalResults;
    // Where the rest of a page did not fit, the next type's must not take its place.
    const isCut = page.resources.length < Math.min(wanted, page.totalResults - skipped);
    wanted = isCut && found.length > 0 ? 0 : wanted - page.resources.length;
  }
  return { found, totalResults };
}

async function readWhole(
  sources: readonly Prepared[],
  tenant: string,
  query: ListQuery,
): Promise<Window> {
  const { startIndex, count, sortBy } = query;
  const matching: Found[] = [];
  let totalResults = 0;
  for await (const examined of examine(sources, tenant, beginning)) {
    if (examined.kind === "bound") throw tooMuchToRead(query);
    if (!examined.isMatch) continue;
    totalResults++;
    // Only what is sorted must be kept to know what is on the page.
    const isOnPage = totalResults >= startIndex && matching.length < count;
    if (sortBy !== undefined || isOnPage) matching.push(examined.found);
  }
  if (sortBy === undefined) return { found: matching, totalResults };
  const sorted = matching.toSorted(inOrder(sources, query));
  return { found: sorted.slice(startIndex - 1, startIndex - 1 + count), totalResults };
}

/** As much as one answer can hold; the client asks for the rest by startIndex. */
function fitting(found: readonly Found[]): readonly Found[] {
  let bytes = 0;
  const end = found.findIndex(({ stored }, at) => {
    bytes += JSON.stringify(stored.resource).length;
    return bytes > pageBytes && at > 0;
  });
  return end < 0 ? found : found.slice(0, end);
}
