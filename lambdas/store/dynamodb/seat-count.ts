import { seatCountKey, seatsKey, workIndexKey } from "./keys.ts";
import type { Pacer } from "./pacer.ts";
import { getItem } from "./read.ts";
import { giveSeats, mostGivenAtOnce, unseatedUsers } from "./seat-gifts.ts";
import type { Table } from "./table.ts";
import { Refused, transact, type Write } from "./transact.ts";

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
    const now = table.now().toISOString();
    if (!item) return true;
    // Only `setLimit` and what is below write it.
    const count = item as unknown as Count;
    if (count.passFrom === undefined && String(item.gsi1sk) > now) return true;

    const passFrom = count.passFrom ?? now;
    if (!(await pass(counting, { ...count, passFrom }))) return false;
    await endPass(table, tenant, count, passFrom >= count.lastFrom);
  }
}

/** Of 2 KB each as a rule. */
const unitsPerUser = 4;

/** Goes through the users from where the pass has come to. Answers false where the time is up, or a user changes too fast. */
async function pass(counting: Counting, count: Count): Promise<boolean> {
  const { table, tenant, pacer, isTimeUp } = counting;
  for await (const { users, end } of unseatedUsers(table, tenant, count.after)) {
    if (isTimeUp()) return false;
    for (let at = 0; at < users.length; at += mostGivenAtOnce) {
      if (isTimeUp()) return false;
      const some = users.slice(at, at + mostGivenAtOnce);
      if (!(await giveSeats(table, tenant, some))) return false;
      await pacer.spent(unitsPerUser * some.length);
    }
    if (end !== undefined && !(await keepPlace(table, tenant, count, end))) return true;
  }
  return true;
}

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
