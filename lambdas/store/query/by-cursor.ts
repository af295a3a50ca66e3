import { beginning, type Cursor, type Place, printCursor, readCursor } from "../../scim/cursor.ts";
import type { ListQuery } from "../../scim/list-query.ts";
import type { Found, QueryPage } from "../query.ts";
import { pageByIndex } from "./by-index.ts";
import { type Examined, examine, tooMuchToRead } from "./examine.ts";
import { inOrder } from "./order.ts";
import type { Prepared, PreparedQuery } from "./prepare.ts";
import { type Taken, take } from "./take.ts";

type CursorQuery = ListQuery & { readonly cursor: string };

/** What makes a page out of what was taken for it. */
interface Walk {
  readonly cursor: Cursor;
  readonly print: (cursor: Cursor) => string;
}

/**
 * The page behind or before a cursor's place (RFC 9865). Whatever is created or deleted between
 * two pages, whoever stays is seen once, since a page begins at a place and not at a number.
 */
export async function pageByCursor(
  prepared: PreparedQuery,
  tenant: string,
  query: CursorQuery,
  now: Date,
): Promise<QueryPage> {
  const { identity, sources } = prepared;
  const cursor = query.cursor === "" ? beginning : readCursor(query.cursor, identity, now);
  const walk = { cursor, print: (other: Cursor) => printCursor(other, identity, now) };
  if (query.count === 0) return totalsOnly(prepared, tenant, query, walk);

  if (query.sortBy !== undefined || sources.every(({ listed }) => listed)) {
    const whole = await readWhole(sources, tenant, query);
    const taken = await take(behind(whole, cursor, inOrder(sources, query)), query);
    return cursorPage(taken, whole.length, walk);
  }
  const [taken, total] = await Promise.all([
    take(examine(sources, tenant, cursor, query.count + 1), query),
    sources.every(({ isPlain }) => isPlain) ? countAll(sources, tenant) : undefined,
  ]);
  const isWhole = !cursor.from && !taken.onward;
  return cursorPage(taken, total ?? (isWhole ? taken.found.length : undefined), walk);
}

/** A count of 0 asks for the total alone, and leaves the client where it is. */
async function totalsOnly(
  prepared: PreparedQuery,
  tenant: string,
  query: CursorQuery,
  { cursor, print }: Walk,
): Promise<QueryPage> {
  const page = await pageByIndex(prepared, tenant, { ...query, startIndex: 1 });
  const nextCursor = page.totalResults ? print(cursor) : undefined;
  return { ...page, startIndex: undefined, nextCursor, keepShown: undefined };
}

async function countAll(sources: readonly Prepared[], tenant: string): Promise<number> {
  const pages = await Promise.all(sources.map(({ reader }) => reader.page(tenant, 1, 0)));
  return pages.reduce((sum, { totalResults }) => sum + totalResults, 0);
}

/** All that matches, in the order of the answer. */
async function readWhole(sources: readonly Prepared[], tenant: string, query: ListQuery) {
  const matching: Found[] = [];
  for await (const examined of examine(sources, tenant, beginning)) {
    if (examined.kind === "bound") throw tooMuchToRead(query);
    if (examined.isMatch) matching.push(examined.found);
  }
  return matching.toSorted(inOrder(sources, query));
}

/** What lies behind the cursor's place on its way through a whole list. */
function behind(
  list: readonly Found[],
  { direction, from }: Cursor,
  order: (one: Place, other: Place) => number,
): readonly Examined[] {
  const sign = direction === "forward" ? 1 : -1;
  const rest = from ? list.filter((found) => order(found, from) * sign > 0) : list;
  const onTheWay = direction === "forward" ? rest : rest.toReversed();
  return onTheWay.map((found) => ({ kind: "resource", found, isMatch: true }));
}

function cursorPage(taken: Taken, totalResults: number | undefined, walk: Walk): QueryPage {
  const { cursor, print } = walk;
  const isBackward = cursor.direction === "backward";
  const onward = taken.onward && print({ direction: cursor.direction, from: taken.onward });
  // Nothing lies before where the client began; else what does may have gone, but may be asked for.
  const back =
    cursor.from &&
    print({
      direction: isBackward ? "forward" : "backward",
      // Between the page's beginning and the last that was looked at nothing matches, if none was found.
      from: taken.found[0] ?? taken.last,
    });
  const found = isBackward ? taken.found.toReversed() : taken.found;
  return {
    found,
    resources: found.map(({ stored }) => stored),
    totalResults,
    startIndex: undefined,
    nextCursor: isBackward ? back : onward,
    previousCursor: isBackward ? onward : back,
    isBackward,
    keepShown: undefined,
    shortened: (most) => {
      if (most >= taken.found.length) return cursorPage(taken, totalResults, walk);
      const kept = taken.found.slice(0, most);
      return cursorPage({ ...taken, found: kept, onward: kept.at(-1) }, totalResults, walk);
    },
  };
}
