import { unavailable } from "../../scim/errors.ts";
import type { GroupWithMembers, Member, MemberReader } from "../store.ts";
import { firstPending, tellsAll } from "./group-update.ts";
import { displayNames } from "./groups-of.ts";
import { readStored } from "./items.ts";
import {
  groupPartition,
  isId,
  memberIndexKey,
  memberKey,
  resourceKey,
  sweepPartition,
} from "./keys.ts";
import {
  type MemberChange,
  type Members,
  overlayAll,
  readChange,
  seqOf,
  sizeOf,
} from "./member-change.ts";
import { memberAsker } from "./members-among.ts";
import { getItem, getItems, queryPages, transactGet } from "./read.ts";
import { formatVersion, type Table } from "./table.ts";
import type { Write } from "./transact.ts";

const attempts = 15;

/**
 * A group and its members, each change to them whole: the group is read first and last, and all
 * is read again if a change of more than one member was made in between.
 */
async function readGroupWithMembers(
  table: Table,
  tenant: string,
  id: string,
  askDeleted = () => readDeleted(table, tenant),
): Promise<GroupWithMembers | undefined> {
  const key = resourceKey(tenant, "GROUP", id);
  for (let attempt = 0; attempt < attempts; attempt++) {
    if (attempt > 0) await table.sleep(table.random() * 40);
    // What was deleted before the members are read is left out of them.
    const [before, deleted] = await Promise.all([getItem(table, key), askDeleted()]);
    if (!before) return undefined;

    const { members, changes, ...read } = await readMemberships(table, tenant, id);
    const [after] = await transactGet(table, [key]);
    if (!after) return undefined;
    const isSame = after.changeSeq === before.changeSeq && tellsAll(before, read.lastSeq);
    // While one page of changes was read, the first of them may have been carried over.
    if (!isSame || (read.isSplit && firstPending(after) !== firstPending(before))) continue;

    const current = [...overlayAll(members, changes)].map(([id, type]) => ({ id, type }));
    const left = current.filter((one) => !deleted.has(one.id));
    const lacksDeleted = left.length < current.length;
    // A version that is too old is safe; one that is newer than what is shown is not.
    return { group: readStored(before), members: left, lacksDeleted };
  }
  throw unavailable("The group's members change too fast to be read; send this again.", 2);
}

/** Reads groups with their members, and a tenant's deleted ids once for all of them. */
export function memberReader(table: Table): MemberReader {
  const deleted = new Map<string, Promise<ReadonlySet<string>>>();
  return {
    displayNamesOf: (tenant, members) => {
      const keyOf = ({ id, type }: Member) =>
        resourceKey(tenant, type === "Group" ? "GROUP" : "USER", id);
      return displayNames(table, members.map(keyOf));
    },
    membersAmong: memberAsker(table),
    getWithMembers: async (tenant, id) => {
      if (!isId(id)) return undefined;
      const ids = deleted.get(tenant) ?? readDeleted(table, tenant);
      deleted.set(tenant, ids);
      return readGroupWithMembers(table, tenant, id, () => ids);
    },
  };
}

interface Memberships {
  readonly members: Members;
  /** The journal of changes not yet carried into the memberships. */
  readonly changes: readonly MemberChange[];
  /** The number of the last of them. */
  readonly lastSeq: number | undefined;
  /** Whether they were read in more than one page, and so not at once. */
  readonly isSplit: boolean;
}

/** What a group's partition holds. */
export async function readMemberships(
  table: Table,
  tenant: string,
  groupId: string,
): Promise<Memberships> {
  const members = new Map<string, Member["type"]>();
  const changes: MemberChange[] = [];
  let lastSeq: number | undefined;
  let pagesOfChanges = 0;
  for await (const page of queryPages(table, groupPartition(tenant, groupId), partsOfMemberships)) {
    if (String(page[0]?.sk).startsWith("CHANGE#")) pagesOfChanges++;
    for (const item of page) {
      const sk = String(item.sk);
      if (sk.startsWith("CHANGE#")) {
        changes.push(readChange(item));
        lastSeq = seqOf(item);
      } else members.set(...memberOf(item));
    }
  }
  return { members, changes, lastSeq, isSplit: pagesOfChanges > 1 };
}

/** Keys are most of a membership, and are known already. */
export const partsOfMemberships = {
  only: "sk, #type, #kind, #users, #groups, #remove",
  names: {
    "#type": "type",
    "#kind": "kind",
    "#users": "users",
    "#groups": "groups",
    "#remove": "remove",
  },
};

async function readDeleted(table: Table, tenant: string): Promise<ReadonlySet<string>> {
  const ids = new Set<string>();
  for await (const page of queryPages(table, sweepPartition(tenant), { only: "sk" }))
    for (const { sk } of page) ids.add(String(sk).slice(String(sk).indexOf("#") + 1));
  return ids;
}

/** Above this it may cost less to read the whole group than its members one by one. */
const mostReadSingly = 500;

/** So many memberships cost as much to read in pages as one that is asked for by its id. */
const readForOne = 19;

/** The memberships in the table that `change` is about: those that it names, or all where it replaces them. */
export async function membersConcerned(
  table: Table,
  tenant: string,
  groupId: string,
  change: MemberChange,
): Promise<Members> {
  if (change.kind === "replace") return (await readMemberships(table, tenant, groupId)).members;
  if (sizeOf(change) > mostReadSingly) {
    const all = await readUpTo(table, tenant, groupId, sizeOf(change) * readForOne);
    if (all) return all;
  }
  const ids = [...change.add.map(({ id }) => id), ...change.remove];
  const keys = ids.map((id) => memberKey(tenant, groupId, id));
  const items = await getItems(table, keys, {
    consistent: true,
    ...partsOfMembers,
  });
  return new Map(items.map(memberOf));
}

/** The memberships in the table, or undefined where they are more than `most`. */
async function readUpTo(
  table: Table,
  tenant: string,
  groupId: string,
  most: number,
): Promise<Members | undefined> {
  const members = new Map<string, Member["type"]>();
  const options = { beginsWith: "MEMBER#", ...partsOfMembers };
  for await (const page of queryPages(table, groupPartition(tenant, groupId), options)) {
    for (const item of page) members.set(...memberOf(item));
    if (members.size > most) return undefined;
  }
  return members;
}

const partsOfMembers = { only: "sk, #type", names: { "#type": "type" } };

/** Who is a member, and as what, from the item of a membership. */
export const memberOf = ({ sk, type }: Readonly<Record<string, unknown>>) =>
  [String(sk).slice("MEMBER#".length), type === "Group" ? "Group" : "User"] as const;

/** A membership, written or written again. */
export function putMember(
  table: Table,
  tenant: string,
  groupId: string,
  { id, type }: Member,
): Write & { Put: object } {
  const keys = { ...memberKey(tenant, groupId, id), ...memberIndexKey(tenant, groupId, id) };
  return { Put: { TableName: table.name, Item: { ...keys, v: formatVersion, type } } };
}

/** A membership, gone whether it was there or not. */
export function deleteMember(
  table: Table,
  tenant: string,
  groupId: string,
  id: string,
): Write & { Delete: object } {
  return { Delete: { TableName: table.name, Key: memberKey(tenant, groupId, id) } };
}
