import { BatchWriteCommand } from "@aws-sdk/lib-dynamodb";
import { unavailable } from "../../scim/errors.ts";
import type { Key } from "./keys.ts";
import type { Table } from "./table.ts";
import { backOff } from "./transact.ts";

/** As many as DynamoDB takes in one request. */
const batch = 25;

interface Deleting {
  readonly isTimeUp: () => boolean;
  /** Told of each batch: how many items it had, and how many units it took. */
  readonly onBatch: (items: number, units: number) => Promise<void>;
}

/** Deletes items as far as there is time, and tells how many. */
export async function deleteAll(
  table: Table,
  keys: readonly Key[],
  { isTimeUp, onBatch }: Deleting,
): Promise<number> {
  for (let at = 0; at < keys.length; at += batch) {
    if (isTimeUp()) return at;
    const some = keys.slice(at, at + batch);
    await onBatch(some.length, await deleteBatch(table, some));
  }
  return keys.length;
}

const attempts = 8;

/** Deletes a batch, and tells how many units that took. */
async function deleteBatch(table: Table, keys: readonly Key[]): Promise<number> {
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
