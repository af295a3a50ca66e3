import {
  ConditionalCheckFailedException,
  TransactionConflictException,
} from "@aws-sdk/client-dynamodb";
import { DeleteCommand, PutCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { unavailable } from "../../scim/errors.ts";
import {
  bookmarksPartition,
  formerGroupsKey,
  keyOf,
  tokenUsePartition,
  tombstonePartition,
} from "./keys.ts";
import { readAll } from "./places.ts";
import { getItem, queryPages } from "./read.ts";
import type { Table } from "./table.ts";
import { backOff } from "./transact.ts";

type Item = Readonly<Record<string, unknown>>;

/** Takes away what names a user apart from itself: the groups that it was in, places in lists, and what was refused. */
export async function eraseTraces(table: Table, tenant: string, id: string): Promise<void> {
  await eraseFormerGroups(table, tenant, id);
  await eraseFromBookmarks(table, tenant, id);
  await eraseFromFailures(table, tenant, id);
}

async function eraseFormerGroups(table: Table, tenant: string, id: string): Promise<void> {
  const beginsWith = formerGroupsKey(tenant, id, "").sk;
  const pages = queryPages(table, tombstonePartition(tenant), { beginsWith, only: "pk, sk" });
  for await (const page of pages)
    for (const item of page)
      await table.db.send(new DeleteCommand({ TableName: table.name, Key: keyOf(item) }));
}

/**
 * A place in a list is an id, behind which it lies. Where that is the user's, the one before it takes
 * its part: nobody stands between them, so that a walk that is under way shows what it would have.
 */
async function eraseFromBookmarks(table: Table, tenant: string, id: string): Promise<void> {
  let before: string | undefined;
  for await (const page of queryPages(table, bookmarksPartition(tenant)))
    for (const item of page) {
      if (!names(item, id)) continue;
      before ??= await idBefore(table, tenant, id);
      await rewrite(table, item, id, before);
    }
}

const names = (item: Item, id: string): boolean => JSON.stringify(item).includes(id);

/** The empty string where there is none: the beginning of the list. */
async function idBefore(table: Table, tenant: string, id: string): Promise<string> {
  const backwards = { after: id, backward: true, most: 1 };
  for await (const stored of readAll(table, tenant, "USER", backwards)) return stored.id;
  return "";
}

const attempts = 20;

async function rewrite(table: Table, read: Item, id: string, before: string): Promise<void> {
  let item: Item | undefined = read;
  for (let attempt = 0; item && names(item, id); attempt++) {
    if (attempt === attempts) throw unavailable("The store is busy; send this again.", 1);
    if (attempt > 0) await backOff(table, attempt);
    if (await isPut(table, item, JSON.parse(JSON.stringify(item).replaceAll(id, before)))) return;
    item = await getItem(table, keyOf(item));
  }
}

/** False where somebody has written the bookmark since. */
async function isPut(table: Table, before: Item, after: Item): Promise<boolean> {
  const put = new PutCommand({
    TableName: table.name,
    Item: { ...after, write: table.newId() },
    ConditionExpression: "#write = :write",
    ExpressionAttributeNames: { "#write": "write" },
    ExpressionAttributeValues: { ":write": before.write },
  });
  try {
    await table.db.send(put);
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    if (error instanceof TransactionConflictException) return false;
    throw error;
  }
}

/** Of a member that is unknown the last failure of a token tells the id. */
async function eraseFromFailures(table: Table, tenant: string, id: string): Promise<void> {
  for await (const page of queryPages(table, tokenUsePartition(tenant)))
    for (const item of page) if (names(item, id)) await withoutDetail(table, item);
}

async function withoutDetail(table: Table, { pk, sk, failedAt }: Item): Promise<void> {
  const update = new UpdateCommand({
    TableName: table.name,
    Key: keyOf({ pk, sk }),
    UpdateExpression: "SET #failure.#detail = :none",
    ConditionExpression: "failedAt = :failedAt",
    ExpressionAttributeNames: { "#failure": "failure", "#detail": "detail" },
    ExpressionAttributeValues: { ":none": "…", ":failedAt": failedAt },
  });
  try {
    await table.db.send(update);
  } catch (error) {
    // Another failure has taken its place.
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
  }
}
