import { beginning } from "../../scim/cursor.ts";
import type { ListQuery } from "../../scim/list-query.ts";
import type { Found, QueryPage } from "../query.ts";
import { type JointPage, pageBytes } from "../store.ts";
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
  const window = isPlain
    ? await readPages(sources, tenant, query)
    : await readWhole(sources, tenant, query);
  return indexPage({ ...window, found: fitting(window.found) }, query.startIndex);
}

interface Window {
  readonly found: readonly Found[];
  readonly totalResults: number;
  readonly keepShown?: JointPage["keepShown"];
}

function indexPage(window: Window, startIndex: number): QueryPage {
  const { found, totalResults, keepShown } = window;
  return {
    found,
    resources: found.map(({ stored }) => stored),
    totalResults,
    startIndex,
    nextCursor: undefined,
    previousCursor: undefined,
    isBackward: false,
    keepShown: keepShown && ((shown) => keepShown(found.length, shown)),
    shortened: (most) => {
      if (most >= found.length) return indexPage(window, startIndex);
      // Deletes may have made the list shorter than the walk is long; it must not end here for that.
      const atLeast = Math.max(totalResults, startIndex + most);
      const shorter = { ...window, found: found.slice(0, most), totalResults: atLeast };
      return indexPage(shorter, startIndex);
    },
  };
}

/** A page of the types' lists, one behind the other. */
async function readPages(
  sources: readonly Prepared[],
  tenant: string,
  { startIndex, count }: ListQuery,
): Promise<Window> {
  const [first] = sources;
  if (!first) return { found: [], totalResults: 0 };

  const lists = sources.map(({ reader }) => reader.list);
  const page = await first.reader.pageOver(tenant, lists, startIndex, count);
  const found = sources.flatMap(({ name: type }, at) =>
    (page.parts[at] ?? []).map((stored) => ({ type, id: stored.id, key: null, stored })),
  );
  return { ...page, found };
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
