import { BatchWriteCommand } from "@aws-sdk/lib-dynamodb";
import { unavailable } from "../../scim/errors.ts";
import { groupPartition, type Key } from "./keys.ts";
import { queryPages } from "./read.ts";
import type { Sweeping } from "./sweep.ts";
import type { Table } from "./table.ts";
import { backOff } from "./transact.ts";

/** As many as DynamoDB takes in one request. */
const batch = 25;

/**
 * Deletes the memberships and the journal of a group that is gone, to which nobody writes any more:
 * every write to them depends on the group. Answers false where the time is up before the end.
 */
export async function emptyGroup(
  { table, tenant, pacerOf, isTimeUp }: Sweeping,
  groupId: string,
): Promise<boolean> {
  const pacer = pacerOf();
  const pages = queryPages(table, groupPartition(tenant, groupId), { only: "pk, sk" });
  for await (const page of pages) {
    const keys = page.map(({ pk, sk }) => ({ pk: String(pk), sk: String(sk) }));
    for (let at = 0; at < keys.length; at += batch) {
      if (isTimeUp()) return false;
      await deleteAll(table, keys.slice(at, at + batch));
      await pacer.spent(Math.min(batch, keys.length - at));
    }
  }
  return true;
}

const attempts = 8;

/** Deletes up to 25 items, and tells how many units that took. */
export async function deleteAll(table: Table, keys: readonly Key[]): Promise<number> {
  let units = 0;
  let left = keys.map((key) => ({ DeleteRequest: { Key: { ...key } } }));
  for (let attempt = 0; left.length > 0; attempt++) {
    if (attempt === attempts) throw unavailable("The store is busy.", 2);
    if (attempt > 0) await backOff(table, attempt);
    const answer = await table.db.send(
      new BatchWriteCommand({
        RequestItems: { [table.name]: left },
        ReturnConsumedCapacity: "TOTAL",
      }),
    );
    for (const { CapacityUnits = 0 } of answer.ConsumedCapacity ?? []) units += CapacityUnits;
    // What comes back is of what was sent.
    left = (answer.UnprocessedItems?.[table.name] ?? []) as typeof left;
  }
  return units;
}
