import { foldCase } from "../../scim/case-folding.ts";
import { Conflict, unavailable } from "../../scim/errors.ts";
import type { JsonObject } from "../../scim/json.ts";
import { userType } from "../../scim/resource-types.ts";
import type { ResourceType } from "../../scim/schema.ts";
import type { ErasedUser, UserErasure, UserStore } from "../store.ts";
import { dueOf, erasureMark, readMark } from "./deletion-mark.ts";
import { eraseTraces } from "./erase-traces.ts";
import { textOf } from "./indexing.ts";
import { claimKey, isId, resourceKey, sweepKey, tombstoneKey, tombstonePartition } from "./keys.ts";
import { getItem, queryPages } from "./read.ts";
import type { Table } from "./table.ts";
import { Refused, transact, type Write } from "./transact.ts";
import { userStore } from "./users.ts";

/** Erases users from the table. */
export function userErasure(table: Table, type: ResourceType = userType): UserErasure {
  const users = userStore(table, type);
  return {
    erase: async (tenant, id) => (isId(id) ? erase(table, users, tenant, id) : undefined),
    withUserName: (tenant, userName) => withUserName(table, tenant, userName),
  };
}

const attempts = 10;

/**
 * The user goes with all that finds it, or its tombstone does; the same transaction leaves a mark that
 * has the background work take its memberships and whatever else names it away.
 */
async function erase(
  table: Table,
  users: UserStore,
  tenant: string,
  id: string,
): Promise<ErasedUser | undefined> {
  for (let attempt = 0; attempt < attempts; attempt++) {
    try {
      const found = await eraseFound(table, users, tenant, id);
      if (found) await eraseTraces(table, tenant, id);
      return found;
    } catch (error) {
      // It was changed, deleted or restored meanwhile.
      if (!(error instanceof Conflict || error instanceof Refused)) throw error;
    }
  }
  throw unavailable("Others keep changing this user; send this again.", 1);
}

async function eraseFound(
  table: Table,
  users: UserStore,
  tenant: string,
  id: string,
): Promise<ErasedUser | undefined> {
  const [user, tombstone, mark] = await Promise.all([
    users.get(tenant, id),
    getItem(table, tombstoneKey(tenant, id)),
    getItem(table, sweepKey(tenant, "USER", id)),
  ]);
  if (!user && !tombstone && !mark) return undefined;

  if (user) await users.delete(tenant, user, { tombstoneDays: 0, erases: true });
  else await transact(table, tombstoneGone(table, tenant, id));
  const userName = nameIn(user ?? tombstone);
  // A mark that was there before the erasure stays.
  const deletedAt = mark && !user ? readMark(mark).deletedAt : table.now().toISOString();
  return {
    userName,
    wasGone: !user && !tombstone,
    completeBy: completeBy(table.now(), dueOf({ deletedAt })),
  };
}

/** Refused where the user was restored: what lives must not be marked. */
const tombstoneGone = (table: Table, tenant: string, id: string): readonly Write[] => [
  {
    ConditionCheck: {
      TableName: table.name,
      Key: resourceKey(tenant, "USER", id),
      ConditionExpression: "attribute_not_exists(pk)",
    },
  },
  { Delete: { TableName: table.name, Key: tombstoneKey(tenant, id) } },
  erasureMark(table, tenant, id),
];

/** Some runs of the worker. */
const completedMs = 180_000;

const completeBy = (now: Date, due: Date): string =>
  new Date(Math.max(now.getTime(), due.getTime()) + completedMs).toISOString();

async function withUserName(
  table: Table,
  tenant: string,
  userName: string,
): Promise<readonly string[]> {
  const ids = new Set<string>();
  const holder = await getItem(table, claimKey(tenant, "USERNAME", userName));
  if (holder) ids.add(String(holder.id));
  // No index finds them: a tombstone's name is free for others.
  const pages = queryPages(table, tombstonePartition(tenant), {
    beginsWith: "USER#",
    only: "sk, #resource.userName",
    names: { "#resource": "resource" },
  });
  for await (const page of pages)
    for (const item of page) {
      const name = nameIn(item);
      if (name !== undefined && foldCase(name) === foldCase(userName))
        ids.add(String(item.sk).slice("USER#".length));
    }
  return [...ids];
}

/** A tombstone holds what the user's item held; what lies beside it holds no resource. */
const nameIn = (held: { readonly resource?: unknown } | undefined): string | undefined =>
  held?.resource === undefined ? undefined : textOf(held.resource as JsonObject, "userName");
