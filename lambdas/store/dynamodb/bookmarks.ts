import {
  ConditionalCheckFailedException,
  TransactionConflictException,
} from "@aws-sdk/client-dynamodb";
import { PutCommand, QueryCommand } from "@aws-sdk/lib-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import { ScimError } from "../../scim/errors.ts";
import {
  type Bookmark,
  type Given,
  keptMs,
  nearestTo,
  type Start,
  startAt,
  withBeginning,
  withEnd,
  withoutEnd,
  withPage,
} from "./bookmark.ts";
import { bookmarkKey, type Kind } from "./keys.ts";
import { formatVersion, type Table } from "./table.ts";
import { backOff } from "./transact.ts";

/** A list in pages of one size. */
export interface List {
  readonly table: Table;
  readonly tenant: string;
  /** One behind the other. */
  readonly kinds: readonly Kind[];
  readonly count: number;
}

export type Bookmarks = ReturnType<typeof bookmarksOf>;

type Item = Readonly<Record<string, unknown>>;

/** Where the pages of a list begin, for one request. */
export function bookmarksOf(list: List) {
  const now = list.table.now().getTime();
  const items = new Map<number, Item>();
  const read = async (from: number, to: number, reading: Reading = {}) => {
    for (const item of await readBetween(list, from, to, reading))
      items.set(Number(item.startIndex), item);
  };
  const fresh = () =>
    [...items.values()].map((item) => readFresh(item, now)).filter((one) => !!one);
  const keep = async (startIndex: number, change: Change) => {
    const written = await write(list, { startIndex, held: items.get(startIndex), change, now });
    if (written) items.set(startIndex, written);
  };

  return {
    /** Where those stand that go on at `startIndex`; undefined where nobody can have come there. */
    find: async (startIndex: number): Promise<Start | undefined> => {
      // As far back as a page may have begun that ended here.
      const from = Math.max(1, startIndex - list.count);
      await Promise.all([from > 1 ? read(1, 1) : undefined, read(from, startIndex)]);
      return startAt(fresh(), startIndex, now);
    },

    /** The nearest place before `startIndex` from which one who did not walk there may count on. */
    nearest: async (startIndex: number) => {
      // More than one, since what has expired lies in the table for days.
      await read(1, startIndex, { backward: true, limit: 10 });
      return nearestTo(fresh(), startIndex, now);
    },

    /** Keeps where the first page of a walk ended. */
    keepBeginning: async (page: Given): Promise<void> => {
      await read(1, 1);
      await keep(1, (held) => withBeginning(held, page, now));
    },

    /** Keeps where a page ended behind which there is more. */
    keepPage: (page: Given) => keep(page.startIndex, (held) => withPage(held, page, now)),

    /** Keeps where a page ended that was taken for the last, but not shown whole. */
    keepCutEnd: async (page: Given): Promise<void> => {
      await keep(1, (held) => withoutEnd(held, page));
      await keep(page.startIndex, (held) => withPage(held, page, now));
    },

    /** Keeps that a walk was given its last page. */
    keepEnd: (page: Given) => keep(1, (held) => withEnd(held, page, now)),
  };
}

interface Reading {
  readonly backward?: boolean;
  readonly limit?: number;
}

async function readBetween(
  { table, tenant, kinds, count }: List,
  from: number,
  to: number,
  { backward = false, limit }: Reading,
): Promise<readonly Item[]> {
  const [low, high] = [from, to].map((index) => bookmarkKey(tenant, kinds, count, index));
  const answer = await table.db.send(
    new QueryCommand({
      TableName: table.name,
      ConsistentRead: true,
      KeyConditionExpression: "pk = :pk AND sk BETWEEN :low AND :high",
      ExpressionAttributeValues: { ":pk": low?.pk, ":low": low?.sk, ":high": high?.sk },
      ScanIndexForward: !backward,
      Limit: limit,
    }),
  );
  return answer.Items ?? [];
}

/** A bookmark that has not expired; the table clears them away days later. */
function readFresh(item: Item | undefined, now: number): Bookmark | undefined {
  if (!item || Number(item.expiresAt) * 1000 <= now) return undefined;
  // Only `write` writes items under such a key.
  return item as unknown as Bookmark;
}

type Change = (held: Bookmark | undefined) => Bookmark | undefined;

interface Write {
  readonly startIndex: number;
  /** What was read, if anything was. */
  readonly held: Item | undefined;
  readonly change: Change;
  readonly now: number;
}

/** As many walks as may meet at one page, and more. */
const mostTries = 20;

/** Changes a bookmark as it is now, or lets it be where the store is busy: it must not fail a list. */
async function write(
  list: List,
  { startIndex, held, change, now }: Write,
): Promise<Item | undefined> {
  const { table, tenant, kinds, count } = list;
  const fixed = {
    ...bookmarkKey(tenant, kinds, count, startIndex),
    v: formatVersion,
    write: table.newId(),
    expiresAt: Math.ceil((now + 2 * keptMs) / 1000),
  };
  let before = held;
  for (let attempt = 0; attempt < mostTries; attempt++) {
    const after = change(readFresh(before, now));
    if (!after) return undefined;
    const item = { ...after, ...fixed };
    const met = await put(table, item, before);
    if (met === "written") return item;
    if (met === "busy") return undefined;
    // An answer that is lost is asked for again by the SDK, and meets what it wrote itself.
    if (met?.write === fixed.write) return item;
    before = met;
    await backOff(table, attempt);
  }
  return undefined;
}

/** The item that stood in the way, if another writer was first. */
async function put(
  table: Table,
  item: Item,
  before: Item | undefined,
): Promise<"written" | "busy" | Item | undefined> {
  const condition = before
    ? {
        ConditionExpression: "#write = :write",
        ExpressionAttributeNames: { "#write": "write" },
        ExpressionAttributeValues: { ":write": before.write },
      }
    : { ConditionExpression: "attribute_not_exists(pk)" };
  const command = new PutCommand({
    TableName: table.name,
    Item: item,
    ...condition,
    ReturnValuesOnConditionCheckFailure: "ALL_OLD",
  });
  try {
    await table.db.send(command);
    return "written";
  } catch (error) {
    if (error instanceof ScimError && error.status === 503) return "busy";
    if (error instanceof TransactionConflictException) return "busy";
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    return error.Item && unmarshall(error.Item);
  }
}
