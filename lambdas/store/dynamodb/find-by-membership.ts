import { foldCase } from "../../scim/case-folding.ts";
import type { Stored } from "../../scim/stored.ts";
import { groupIdsOf } from "./groups-of.ts";
import { groupPartition, isId } from "./keys.ts";
import { type MemberChange, type Members, overlayAll, readChange } from "./member-change.ts";
import { memberOf, partsOfMemberships } from "./memberships.ts";
import { queryPages } from "./read.ts";
import { getMany, mostFound } from "./resource-reader.ts";
import type { Table } from "./table.ts";

/** The groups that a user or group is in, by the index of memberships; undefined where they are too many. */
export async function groupsWith(
  table: Table,
  tenant: string,
  member: string,
): Promise<readonly Stored[] | undefined> {
  const id = foldCase(member);
  if (!isId(id)) return [];
  const ids = await groupIdsOf(table, tenant, id);
  return ids.length > mostFound ? undefined : getMany(table, tenant, "GROUP", ids);
}

/** The users that are in a group; undefined where they are too many. */
export async function usersIn(
  table: Table,
  tenant: string,
  group: string,
): Promise<readonly Stored[] | undefined> {
  const id = foldCase(group);
  if (!isId(id)) return [];
  const members = await readSome(table, groupPartition(tenant, id));
  if (!members || members.size > mostFound) return undefined;
  const users = [...members].filter(([, type]) => type === "User").map(([user]) => user);
  return getMany(table, tenant, "USER", users);
}

/** All members of a group, or undefined where they are too many. Pending changes stand before the memberships. */
async function readSome(table: Table, partition: string): Promise<Members | undefined> {
  const members = new Map<string, "User" | "Group">();
  const changes: MemberChange[] = [];
  for await (const page of queryPages(table, partition, {
    limit: mostFound + 1,
    ...partsOfMemberships,
  })) {
    for (const item of page) {
      if (String(item.sk).startsWith("CHANGE#")) changes.push(readChange(item));
      else members.set(...memberOf(item));
    }
    if (members.size > mostFound) return undefined;
  }
  return overlayAll(members, changes);
}
