import type { JsonObject } from "../../scim/json.ts";
import { type Key, resourcesPartition, seatCountKey, seatsKey, workIndexKey } from "./keys.ts";
import type { Pacer } from "./pacer.ts";
import { getItem, getItems, queryPages } from "./read.ts";
import { countTaken, isActive } from "./seat-moves.ts";
import type { Table } from "./table.ts";
import { backOff, Refused, transact, type Write } from "./transact.ts";

export interface Counting {
  readonly table: Table;
  readonly tenant: string;
  /** Spent on what is written to users. */
  readonly pacer: Pacer;
  readonly isTimeUp: () => boolean;
}

/** A count under way. */
interface Count {
  /** Tells it from one that takes its place, when the limit is set once more. */
  readonly count: string;
  /** From when on nobody lets a user in without a seat: a pass that begins then is the last. */
  readonly lastFrom: string;
  /** When the pass that is under way began, and up to where it has come. */
  readonly passFrom?: string | undefined;
  readonly after?: string | undefined;
}

/**
 * Gives a seat to each active user that has none, past the limit too: who came in before it stays in.
 * A first pass counts those that are there; the last one those that were let in by writers that did
 * not know of the limit yet. Answers whether nothing is left that is due.
 */
export async function countSeats(counting: Counting): Promise<boolean> {
  const { table, tenant } = counting;
  for (;;) {
    const item = await getItem(table, seatCountKey(tenant));
    // Only `setLimit` and what is below write it.
    const count = item as unknown as Count | undefined;
    const now = table.now().toISOString();
    if (!item || (String(item.gsi1sk) > now && !count?.passFrom) || !count) return true;

    const passFrom = count.passFrom ?? now;
    if (!(await pass(counting, { ...count, passFrom }))) return false;
    await endPass(table, tenant, count, passFrom >= count.lastFrom);
  }
}

/** Users of 200 KB each still fit into the 4 MB of a transaction. */
const mostAtOnce = 18;

/** Of 2 KB each as a rule. */
const unitsPerUser = 4;

const mostInPage = 500;

/** Goes through the users from where the pass has come to. Answers false where the time is up, or a user changes too fast. */
async function pass(counting: Counting, count: Count): Promise<boolean> {
  const { table, tenant, pacer, isTimeUp } = counting;
  const pages = queryPages(table, resourcesPartition(tenant, "USER"), {
    ...seen,
    after: count.after,
    limit: mostInPage,
  });
  for await (const page of pages) {
    if (isTimeUp()) return false;
    const users = page.filter(lacksSeat).map(readUser);
    for (let at = 0; at < users.length; at += mostAtOnce) {
      if (isTimeUp()) return false;
      const some = users.slice(at, at + mostAtOnce);
      if (!(await giveSeats(table, tenant, some))) return false;
      await pacer.spent(unitsPerUser * some.length);
    }
    const last = page.at(-1);
    if (last && !(await keepPlace(table, tenant, count, String(last.sk)))) return true;
  }
  return true;
}

type Item = Readonly<Record<string, unknown>>;

const seen = {
  only: "pk, sk, #version, seat, #resource.#active",
  names: { "#version": "version", "#resource": "resource", "#active": "active" },
};

interface SeenUser {
  readonly key: Key;
  readonly version: unknown;
}

// Only `toItem` writes items under a user's key.
const lacksSeat = ({ seat, resource = {} }: Item): boolean =>
  seat === undefined && isActive(resource as JsonObject);

const readUser = ({ pk, sk, version }: Item): SeenUser => ({
  key: { pk: String(pk), sk: String(sk) },
  version,
});

const attempts = 10;

async function giveSeats(
  table: Table,
  tenant: string,
  users: readonly SeenUser[],
): Promise<boolean> {
  let left = users;
  for (let attempt = 0; attempt < attempts && left.length > 0; attempt++) {
    if (attempt > 0) await backOff(table, attempt);
    const gifts = left.map((user) => ({ user, write: giveSeat(table, user) }));
    try {
      const writes = gifts.map(({ write }) => write);
      await transact(table, [countTaken(table, tenant, gifts.length), ...writes]);
      return true;
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      const { refused } = error;
      const changed = gifts.filter(({ write }) => refused.has(write)).map(({ user }) => user.key);
      const again = await getItems(table, changed, { ...seen, consistent: true });
      left = [
        ...gifts.filter(({ write }) => !refused.has(write)).map(({ user }) => user),
        ...again.filter(lacksSeat).map(readUser),
      ];
    }
  }
  return left.length === 0;
}

/** Clients see nothing of it, so the version stays; whoever writes the user holds on to what it read of the seat. */
const giveSeat = (table: Table, { key, version }: SeenUser): Write => ({
  Update: {
    TableName: table.name,
    Key: key,
    UpdateExpression: "SET seat = :yes",
    ConditionExpression: "#version = :version AND attribute_not_exists(seat)",
    ExpressionAttributeNames: { "#version": "version" },
    ExpressionAttributeValues: { ":version": version, ":yes": true },
  },
});

/** Answers false where another count has taken the place of this one. */
const keepPlace = (table: Table, tenant: string, count: Count, sk: string): Promise<boolean> =>
  whileUnderWay(table, [
    {
      Update: {
        ...underWay(table, tenant, count),
        UpdateExpression: "SET passFrom = :passFrom, #after = :after",
        ExpressionAttributeNames: { "#count": "count", "#after": "after" },
        ExpressionAttributeValues: {
          ":count": count.count,
          ":passFrom": count.passFrom,
          ":after": sk,
        },
      },
    },
  ]);

async function endPass(table: Table, tenant: string, count: Count, isLast: boolean): Promise<void> {
  const { gsi1sk } = workIndexKey(seatCountKey(tenant), new Date(count.lastFrom));
  const again = {
    ...underWay(table, tenant, count),
    UpdateExpression: "SET gsi1sk = :due REMOVE passFrom, #after",
    ExpressionAttributeNames: { "#count": "count", "#after": "after" },
    ExpressionAttributeValues: { ":count": count.count, ":due": gsi1sk },
  };
  const counted = {
    TableName: table.name,
    Key: seatsKey(tenant),
    UpdateExpression: "REMOVE isCounting",
  };
  await whileUnderWay(
    table,
    isLast
      ? [{ Delete: underWay(table, tenant, count) }, { Update: counted }]
      : [{ Update: again }],
  );
}

const underWay = (table: Table, tenant: string, { count }: Count) => ({
  TableName: table.name,
  Key: seatCountKey(tenant),
  ConditionExpression: "#count = :count",
  ExpressionAttributeNames: { "#count": "count" },
  ExpressionAttributeValues: { ":count": count },
});

async function whileUnderWay(table: Table, writes: readonly Write[]): Promise<boolean> {
  try {
    await transact(table, writes);
    return true;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return false;
  }
}
