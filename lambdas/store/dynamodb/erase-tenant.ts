import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { PutCommand, ScanCommand } from "@aws-sdk/lib-dynamodb";
import { deleteAll } from "./delete-all.ts";
import { type Key, keyOf, tenantKey, workIndexKey } from "./keys.ts";
import type { Pacer } from "./pacer.ts";
import { getItem } from "./read.ts";
import type { Table } from "./table.ts";
import { type Item, revisionOf, unchanged } from "./tenant-item.ts";

export interface Erasing {
  readonly table: Table;
  readonly tenant: string;
  /** Spent on what is deleted. */
  readonly writes: Pacer;
  /** Spent on what of the table is read. */
  readonly reads: Pacer;
  readonly isTimeUp: () => boolean;
  /** Ends the tenant's tokens for good; done again, it changes nothing. */
  readonly deleteSecret: (tenant: string) => Promise<void>;
}

/** How far an erasure has come, in the tenant's item. */
interface Progress {
  readonly begunAt: string;
  /** Where in the table this pass goes on; undefined at its beginning. */
  readonly cursor?: Key | undefined;
  /** How many items of the tenant this pass has found. */
  readonly found: number;
}

/**
 * Erases a deleted tenant whose time has come: pass after pass through the whole table until one
 * finds nothing of it, then its secret, then all but its name. Whoever comes next goes on where this
 * run ends; of several runs at once those that fall behind stop. Answers whether there is nothing left
 * to do now.
 */
export async function eraseTenant(erasing: Erasing): Promise<boolean> {
  const { table, tenant, isTimeUp } = erasing;
  let item = await getItem(table, tenantKey(tenant));
  if (item?.state === "deleted") return begin(erasing, item);
  while (item?.state === "erasing" && isDue(table, item)) {
    if (isTimeUp()) return false;
    item = await takeStep(erasing, item);
  }
  return true;
}

/**
 * As long as any command that found the tenant there, and any run of the background work that is at
 * one of its groups; from the beginning on nobody finds it.
 */
const graceMs = 150_000;

/** From here on there is no way back. A restore is a write of the same item, and so before it or refused. */
async function begin({ table, tenant }: Erasing, item: Item): Promise<boolean> {
  if (!isDue(table, item)) return true;
  const now = table.now();
  const erasure: Progress = { begunAt: now.toISOString(), found: 0 };
  const due = workIndexKey(tenantKey(tenant), new Date(now.getTime() + graceMs));
  await putOver(table, item, { ...item, ...due, state: "erasing", erasure });
  return true;
}

/** The index tells of what was due some time ago; the time in the item's key is the truth. */
const isDue = (table: Table, { gsi1sk }: Item): boolean =>
  String(gsi1sk) < table.now().toISOString();

/** One page, or the end of a pass. Gives the item afterwards; undefined where another run was faster. */
async function takeStep(erasing: Erasing, item: Item): Promise<Item | undefined> {
  const { table, tenant, writes, isTimeUp } = erasing;
  // Only this file writes it.
  const progress = item.erasure as Progress;
  const { keys, cursor } = await pageOf(erasing, progress.cursor);
  // Not held to the tenant's state: once it is being erased it is never anything else but erased.
  const onBatch = (_: number, units: number) => writes.spent(units);
  const deleted = await deleteAll(table, keys, { isTimeUp, onBatch });

  const found = progress.found + deleted;
  if (deleted < keys.length) return advance(table, item, { ...progress, found });
  if (cursor) return advance(table, item, { ...progress, cursor, found });
  if (found > 0) return advance(table, item, { begunAt: progress.begunAt, found: 0 });
  await erasing.deleteSecret(tenant);
  return putOver(table, item, epitaph(table, item, progress));
}

const advance = (table: Table, item: Item, erasure: Progress) =>
  putOver(table, item, { ...item, erasure });

/** What is kept of a tenant, so that its name is never used again. */
function epitaph(table: Table, item: Item, { begunAt }: Progress): Item {
  const { pk, sk, v, createdAt, deletion } = item;
  const erasure = { begunAt, erasedAt: table.now().toISOString() };
  return { pk, sk, v, state: "erased", createdAt, deletion, erasure };
}

/** About as many as 1 MB holds, of items that are small. */
const mostInPage = 5000;

/** The tenant's keys in the next part of the table. Of what is read, next to nothing is sent. */
async function pageOf({ table, tenant, reads }: Erasing, after: Key | undefined) {
  const page = await table.db.send(
    new ScanCommand({
      TableName: table.name,
      Limit: mostInPage,
      ExclusiveStartKey: after && { ...after },
      // The `#` behind the id keeps those apart whose ids begin alike.
      FilterExpression: "begins_with(pk, :tenant)",
      ExpressionAttributeValues: { ":tenant": `T#${tenant}#` },
      ProjectionExpression: "pk, sk",
      ReturnConsumedCapacity: "TOTAL",
    }),
  );
  await reads.spent(page.ConsumedCapacity?.CapacityUnits ?? 0);
  const last = page.LastEvaluatedKey;
  return { keys: (page.Items ?? []).map(keyOf), cursor: last && keyOf(last) };
}

/** Writes the tenant's item, unless it was changed since it was read; undefined then. */
async function putOver(table: Table, before: Item, after: Item): Promise<Item | undefined> {
  const item = { ...after, revision: revisionOf(before) + 1 };
  const put = new PutCommand({ TableName: table.name, Item: item, ...unchanged(before) });
  try {
    await table.db.send(put);
    return item;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return undefined;
    throw error;
  }
}
