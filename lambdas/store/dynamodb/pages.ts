import { type JointPage, pageBytes } from "../store.ts";
import { beginning, type Given, type Place, type Start } from "./bookmark.ts";
import { type Bookmarks, bookmarksOf, type List } from "./bookmarks.ts";
import { countsPartition, type Kind } from "./keys.ts";
import { type Placed, passOver, readFrom } from "./places.ts";
import { queryPages } from "./read.ts";
import type { Table } from "./table.ts";

/** A page of one list or of several, one behind the other, with the total. */
export async function readPage(list: List, startIndex: number): Promise<JointPage> {
  if (list.count === 0) return emptyPage(list, await countAll(list));
  const bookmarks = bookmarksOf(list);
  if (startIndex === 1) return readFirst(list, bookmarks);

  const [total, known] = await Promise.all([countAll(list), bookmarks.find(startIndex)]);
  // What lies behind the last one need not be read to be known as empty; a walk's place tells more.
  if (!known && total < startIndex) return emptyPage(list, total);

  const start = known ?? (await jumpTo(list, bookmarks, startIndex));
  const taken = await take(list, start.place);
  const given = givenAs(taken, startIndex, start);
  await (taken.hasMore ? bookmarks.keepPage(given) : bookmarks.keepEnd(given));
  const keepShown = (kept: number, shown: number) => {
    const page = cut(taken, given, kept, shown);
    return taken.hasMore
      ? bookmarks.keepPage({ ...page, walks: countedAlready })
      : bookmarks.keepCutEnd(page);
  };
  return pageOf(list, { taken, given, total, keepShown });
}

/** The walk was counted when its page was given. */
const countedAlready = 0;

/** A list that fits into its first page needs no bookmarks. */
async function readFirst(list: List, bookmarks: Bookmarks): Promise<JointPage> {
  const [total, taken] = await Promise.all([countAll(list), take(list, beginning)]);
  const given = givenAs(taken, 1, { place: beginning, generation: 0, walks: 1 });
  if (taken.hasMore) await bookmarks.keepBeginning(given);
  const keepShown = (kept: number, shown: number) => {
    const page = cut(taken, given, kept, shown);
    return taken.hasMore
      ? bookmarks.keepPage({ ...page, walks: countedAlready })
      : bookmarks.keepBeginning(page);
  };
  return pageOf(list, { taken, given, total, keepShown });
}

/** Goes on from the nearest page before `startIndex` that was asked for. */
async function jumpTo(list: List, bookmarks: Bookmarks, startIndex: number): Promise<Start> {
  const nearest = await bookmarks.nearest(startIndex);
  return { ...nearest, place: await passOver(list, startIndex, nearest) };
}

interface Read {
  readonly taken: Taken;
  readonly given: Given;
  readonly total: number;
  readonly keepShown: JointPage["keepShown"];
}

function pageOf({ kinds }: List, { taken, given, total, keepShown }: Read): JointPage {
  const ofRank = (rank: number) => taken.resources.filter((one) => one.rank === rank);
  return {
    // Deletes make the list shorter than a walk is long; none must think that it has come to the end.
    totalResults: taken.hasMore ? Math.max(total, given.next) : total,
    parts: kinds.map((_, rank) => ofRank(rank).map(({ stored }) => stored)),
    keepShown,
  };
}

const emptyPage = ({ kinds }: List, totalResults: number): JointPage => ({
  totalResults,
  parts: kinds.map(() => []),
  keepShown: async () => undefined,
});

function givenAs({ resources }: Taken, startIndex: number, start: Start): Given {
  const next = startIndex + resources.length;
  const { place: from, generation, walks } = start;
  return { startIndex, from, next, end: resources.at(-1)?.place ?? from, generation, walks };
}

/** The page as one that was given only so many, of which the client counts so many. */
function cut({ resources }: Taken, given: Given, kept: number, shown: number): Given {
  const end = resources[kept - 1]?.place ?? given.from;
  return { ...given, next: given.startIndex + shown, end };
}

interface Taken {
  readonly resources: readonly Placed[];
  readonly hasMore: boolean;
}

/** As much as one answer can hold, and whether there is more. */
async function take(list: List, from: Place): Promise<Taken> {
  const resources: Placed[] = [];
  let bytes = 0;
  for await (const placed of readFrom(list, from, list.count + 1)) {
    bytes += JSON.stringify(placed.stored.resource).length;
    if (resources.length === list.count || (bytes > pageBytes && resources.length > 0))
      return { resources, hasMore: true };
    resources.push(placed);
  }
  return { resources, hasMore: false };
}

async function countAll({ table, tenant, kinds }: List): Promise<number> {
  const totals = await Promise.all(kinds.map((kind) => countOf(table, tenant, kind)));
  return totals.reduce((sum, total) => sum + total, 0);
}

/** The exact total of one kind. */
export async function countOf(table: Table, tenant: string, kind: Kind): Promise<number> {
  let total = 0;
  for await (const page of queryPages(table, countsPartition(tenant), { beginsWith: `${kind}S#` }))
    for (const shard of page) total += Number(shard.total);
  return total;
}
