import type { SeatCount, Seats } from "../store.ts";
import { resourcesPartition, seatCountKey, seatsKey, workIndexKey } from "./keys.ts";
import { getItem, queryPages } from "./read.ts";
import { formatVersion, type Table } from "./table.ts";
import { Refused, transact, type Write } from "./transact.ts";

/**
 * Functions know a tenant's settings for up to 60 s, a request lives for 28 s, and the command that
 * sets a limit for 60 s, in which it writes the tenant's settings after the limit. After that nobody
 * lets a user in without a seat.
 */
export const knownAfterSeconds = 150;

/** The seats of tenants in the table. */
export function seats(table: Table): Seats {
  return {
    setLimit: (tenant, limit) =>
      limit === undefined ? removeLimit(table, tenant) : setLimit(table, tenant, limit),
    read: (tenant) => read(table, tenant),
  };
}

/**
 * Users are counted in whenever a limit is set: it may have been set before by a command that was cut
 * off before functions could know of it.
 */
async function setLimit(table: Table, tenant: string, limit: number): Promise<void> {
  const hasUsers = await isAnyoneThere(table, tenant);
  const now = table.now();
  const lastFrom = new Date(now.getTime() + knownAfterSeconds * 1000);
  const set: Write = {
    Update: {
      TableName: table.name,
      Key: seatsKey(tenant),
      UpdateExpression: [
        "SET v = :v, #limit = :limit, #active = if_not_exists(#active, :none)",
        hasUsers ? ", isCounting = :yes" : " REMOVE isCounting",
      ].join(""),
      ExpressionAttributeNames: { "#limit": "limit", "#active": "active" },
      ExpressionAttributeValues: {
        ":v": formatVersion,
        ":limit": limit,
        ":none": 0,
        ":yes": hasUsers ? true : undefined,
      },
    },
  };
  const key = seatCountKey(tenant);
  const count = {
    ...key,
    // Of who is not there yet some may come in without a seat.
    ...workIndexKey(key, hasUsers ? now : lastFrom),
    v: formatVersion,
    count: table.newId(),
    lastFrom: lastFrom.toISOString(),
  };
  await transact(table, [set, { Put: { TableName: table.name, Item: count } }]);
}

/** Who has a seat keeps it until it is given back, so that a limit that is set later is exact. */
async function removeLimit(table: Table, tenant: string): Promise<void> {
  const remove = {
    TableName: table.name,
    Key: seatsKey(tenant),
    UpdateExpression: "REMOVE #limit, isCounting",
    ExpressionAttributeNames: { "#limit": "limit" },
    ConditionExpression: "attribute_exists(pk)",
  };
  try {
    const noCount = { Delete: { TableName: table.name, Key: seatCountKey(tenant) } };
    await transact(table, [{ Update: remove }, noCount]);
  } catch (error) {
    // There never was a limit.
    if (!(error instanceof Refused)) throw error;
  }
}

async function read(table: Table, tenant: string): Promise<SeatCount | undefined> {
  const item = await getItem(table, seatsKey(tenant));
  if (item?.limit === undefined) return undefined;
  return {
    limit: Number(item.limit),
    taken: Number(item.active),
    isCounted: item.isCounting === undefined,
  };
}

async function isAnyoneThere(table: Table, tenant: string): Promise<boolean> {
  const users = queryPages(table, resourcesPartition(tenant, "USER"), { limit: 1, only: "sk" });
  for await (const page of users) return page.length > 0;
  return false;
}
