import { Conflict } from "../../scim/errors.ts";
import type { JsonObject } from "../../scim/json.ts";
import { userType } from "../../scim/resource-types.ts";
import type { ResourceType } from "../../scim/schema.ts";
import type { Stored } from "../../scim/stored.ts";
import type { DeletedUser, DeletedUsers, Restored } from "../store.ts";
import { changeMembers } from "./group-members.ts";
import { groupUpdate } from "./group-update.ts";
import { groupIdsOf } from "./groups-of.ts";
import { textOf, userLookups } from "./indexing.ts";
import {
  formerGroupsKey,
  isId,
  type Key,
  keyOf,
  resourceKey,
  seatsKey,
  sweepKey,
  tombstoneKey,
  tombstonePartition,
} from "./keys.ts";
import { unpackIds } from "./member-change.ts";
import { getItem, inTurns, queryPages } from "./read.ts";
import { make } from "./resources.ts";
import { seatMove } from "./seat-moves.ts";
import type { Table } from "./table.ts";
import { Refused, transact, type Write } from "./transact.ts";

const attempts = 5;

type Item = Readonly<Record<string, unknown>>;

/** Deleted users in the table. */
export function deletedUsers(table: Table, type: ResourceType = userType): DeletedUsers {
  return {
    list: (tenant, limit, after) => list(table, tenant, limit, after),
    restore: async (tenant, id) => {
      if (!isId(id)) return { kind: "unknown" };
      for (let attempt = 1; ; attempt++) {
        try {
          return await restore(table, type, tenant, id);
        } catch (error) {
          // Another restores the same user.
          if (!(error instanceof Conflict) || attempt === attempts) throw error;
        }
      }
    },
  };
}

async function list(table: Table, tenant: string, limit: number, after: string | undefined) {
  const users: DeletedUser[] = [];
  const from = after === undefined ? undefined : `${tombstoneKey(tenant, after).sk}#~`;
  const pages = queryPages(table, tombstonePartition(tenant), {
    beginsWith: "USER#",
    after: from,
    limit: limit + 1,
  });
  for await (const page of pages) {
    users.push(...page.filter((item) => isTombstone(table, item)).map(readDeleted));
    if (users.length > limit) break;
  }
  const shown = users.slice(0, limit);
  return { users: shown, next: users.length > limit ? shown.at(-1)?.id : undefined };
}

/** The table removes what has expired within days, not at once. */
const isTombstone = (table: Table, { resource, expiresAt }: Item): boolean =>
  resource !== undefined && Number(expiresAt) * 1000 > table.now().getTime();

function readDeleted({ sk, resource, deletedAt, expiresAt }: Item): DeletedUser {
  return {
    id: String(sk).slice("USER#".length),
    // Only a delete writes tombstones, of users as they were stored.
    userName: textOf(resource as JsonObject, "userName"),
    deletedAt: String(deletedAt),
    erasedAt: new Date(Number(expiresAt) * 1000).toISOString(),
  };
}

/**
 * The user comes back in one transaction, which also takes the mark of deletion away: memberships
 * that are still in the table hold again from then on. Those that were swept are made anew.
 */
async function restore(
  table: Table,
  type: ResourceType,
  tenant: string,
  id: string,
): Promise<Restored> {
  const tombstone = await getItem(table, tombstoneKey(tenant, id));
  const isKept = tombstone !== undefined && isTombstone(table, tombstone);
  const user = isKept
    ? await revive(table, type, tenant, id, tombstone)
    : await getItem(table, resourceKey(tenant, "USER", id)).then(
        (item) => item && storedOf(id, item),
      );
  if (!user) return { kind: "unknown" };
  if (isKept) await renewGroups(table, tenant, id);

  const former = await formerGroups(
    table,
    tenant,
    id,
    isKept ? String(tombstone.deletedAt) : undefined,
  );
  if (!isKept && former.parts.length === 0) return { kind: "notDeleted" };
  const groups = await rejoin(table, tenant, id, former.groups);
  for (const Key of former.parts)
    await transact(table, [{ Delete: { TableName: table.name, Key } }]);
  return { kind: "restored", user, groups };
}

async function revive(
  table: Table,
  type: ResourceType,
  tenant: string,
  id: string,
  tombstone: Item,
): Promise<Stored> {
  const before = storedOf(id, tombstone);
  const lastModified = table.now().toISOString();
  const user = { ...before, version: before.version + 1, lastModified };
  const { limit } = (await getItem(table, seatsKey(tenant))) ?? {};
  const rules = limit === undefined ? {} : { seatLimit: Number(limit) };
  const keeping = { type, lookups: userLookups, seats: seatMove };
  return make(table, keeping, tenant, user, rules, [
    deleteTombstone(table, tenant, id, String(tombstone.deletedAt)),
    { Delete: { TableName: table.name, Key: sweepKey(tenant, "USER", id) } },
  ]);
}

const deleteTombstone = (table: Table, tenant: string, id: string, deletedAt: string): Write => ({
  Delete: {
    TableName: table.name,
    Key: tombstoneKey(tenant, id),
    ConditionExpression: "deletedAt = :deletedAt",
    ExpressionAttributeValues: { ":deletedAt": deletedAt },
  },
});

function storedOf(id: string, item: Item): Stored {
  // A tombstone holds what the user's item held.
  const { resource, version, created, lastModified } = item as unknown as Stored;
  return { id, resource, version, created, lastModified };
}

/** Clients were shown the groups that the user is still in without it, by the version that they have. */
async function renewGroups(table: Table, tenant: string, id: string): Promise<void> {
  await inTurns(await groupIdsOf(table, tenant, id), async (groupId) => {
    try {
      await transact(table, [groupUpdate(table, tenant, groupId, {})]);
    } catch (error) {
      // The group is gone.
      if (!(error instanceof Refused)) throw error;
    }
  });
}

/**
 * The groups that a user was in when it was swept, and the items that tell of them. Those of an
 * earlier life than the one that ended at `deletedAt` count no more.
 */
async function formerGroups(
  table: Table,
  tenant: string,
  id: string,
  deletedAt: string | undefined,
) {
  const parts: Key[] = [];
  const groups = new Set<string>();
  const beginsWith = formerGroupsKey(tenant, id, "").sk;
  const pages = queryPages(table, tombstonePartition(tenant), { beginsWith });
  for await (const page of pages)
    for (const item of page) {
      const { sk, groups: packed, expiresAt } = item;
      parts.push(keyOf(item));
      const isOfLife = deletedAt === undefined || sk === `${beginsWith}${deletedAt}`;
      if (isOfLife && Number(expiresAt) * 1000 > table.now().getTime())
        for (const group of unpackIds(packed)) groups.add(group);
    }
  return { parts, groups };
}

/** Adds the user to those of the groups that are there still, and tells how many these are. */
async function rejoin(
  table: Table,
  tenant: string,
  id: string,
  groups: ReadonlySet<string>,
): Promise<number> {
  const change = { kind: "update", add: [id], remove: [] } as const;
  // A user that is deleted again meanwhile need not rejoin.
  const rules = { uniqueGroupNames: false, unknownMembers: "ignore" } as const;
  const joined = await inTurns([...groups], (group) =>
    changeMembers(table, tenant, group, change, rules),
  );
  return joined.filter((isThere) => isThere).length;
}
