import { Conflict, uniqueness } from "../../scim/errors.ts";
import type { JsonObject } from "../../scim/json.ts";
import type { MembershipChange } from "../../scim/patch/membership.ts";
import type { Stored } from "../../scim/stored.ts";
import type { GroupRules, GroupStore, GroupWithMembers } from "../store.ts";
import { changeMembers, checkNumber, putChange } from "./group-members.ts";
import { groupUpdate } from "./group-update.ts";
import { countWrite, groupLookups, lookupWrites, textOf } from "./indexing.ts";
import { checkSize, toItem } from "./items.ts";
import { applyPending, mostMembersAtOnce } from "./journal.ts";
import { claimKey, resourceKey, sweepKey } from "./keys.ts";
import { lookUpMembers } from "./member-lookup.ts";
import { memberMoves } from "./member-moves.ts";
import { memberReader, putMember } from "./memberships.ts";
import { resourceReader } from "./resource-reader.ts";
import { formatVersion, type Table } from "./table.ts";
import { Refused, transact, type Write } from "./transact.ts";
import { claimWrite, deleteVersion, putNew, releaseWrite } from "./writes.ts";

/** Groups and memberships in the table (RFC 7643, section 4.2). */
export function groupStore(table: Table): GroupStore {
  return {
    ...resourceReader(table, "GROUP"),
    getWithMembers: (tenant, id) => memberReader(table).getWithMembers(tenant, id),
    memberReader: () => memberReader(table),
    create: (tenant, group, members, rules) => create(table, tenant, group, members, rules),
    changeMembers: (tenant, id, change, rules) => changeMembers(table, tenant, id, change, rules),
    replace: (tenant, before, after, membership, rules) =>
      replace(table, tenant, before, after, membership, rules),
    delete: (tenant, before) => remove(table, tenant, before),
  };
}

async function create(
  table: Table,
  tenant: string,
  group: JsonObject,
  memberIds: readonly string[],
  rules: GroupRules,
): Promise<GroupWithMembers> {
  checkSize(group, "group");
  checkNumber(memberIds.length);
  const add = await lookUpMembers(table, tenant, memberIds, rules);
  const now = table.now().toISOString();
  const id = table.newId();
  const stored = { id, resource: group, version: 1, created: now, lastModified: now };
  const name = nameWrites(table, tenant, id, undefined, group, rules);
  const large = add.length > mostMembersAtOnce;
  const item = { ...toItem(tenant, "GROUP", stored), changeSeq: 1 };

  await transactGroup(table, name, [
    putNew(table, large ? { ...item, pendingChange: 1 } : item),
    ...lookupWrites(table, [], groupLookups(tenant, id, group)),
    countWrite(table, tenant, "GROUP", id, 1),
    ...(large
      ? [putChange(table, tenant, id, 1, { kind: "update", add, remove: [] })]
      : add.map((member) => putMember(table, tenant, id, member))),
  ]);
  if (large) await applyPending(table, tenant, id);
  return { group: stored, members: add };
}

async function replace(
  table: Table,
  tenant: string,
  before: Stored,
  after: JsonObject,
  membership: MembershipChange | undefined,
  rules: GroupRules,
): Promise<Stored> {
  checkSize(after, "group");
  const { id, version } = before;
  const moves = membership && (await memberMoves(table, tenant, id, membership, rules));
  const resource = after === before.resource ? undefined : after;
  if (!resource && (moves?.size ?? 0) === 0) return before;

  const name = nameWrites(table, tenant, id, before.resource, after, rules);
  const lookups = lookupWrites(
    table,
    groupLookups(tenant, id, before.resource),
    groupLookups(tenant, id, after),
  );
  const group = groupUpdate(table, tenant, id, {
    members: moves?.size ?? 0,
    pendingChange: moves?.pendingChange,
    version,
    resource,
  });
  await transactGroup(table, name, [group, ...lookups, ...(moves?.writes ?? [])]);
  if (moves?.pendingChange) await applyPending(table, tenant, id);
  const lastModified = group.Update?.ExpressionAttributeValues?.[":now"] as string;
  return { ...before, resource: after, version: version + 1, lastModified };
}

/** What becomes of the names that only one group may have. */
interface NameWrites {
  readonly name: string;
  readonly claim?: Write | undefined;
  readonly release?: Write | undefined;
}

function nameWrites(
  table: Table,
  tenant: string,
  id: string,
  before: JsonObject | undefined,
  after: JsonObject,
  rules: GroupRules,
): NameWrites {
  const name = textOf(after, "displayName");
  const oldKey = before && claimKey(tenant, "GROUPNAME", textOf(before, "displayName"));
  const newKey = claimKey(tenant, "GROUPNAME", name);
  if (oldKey?.pk === newKey.pk) return { name };
  return {
    name,
    claim: rules.uniqueGroupNames ? claimWrite(table, newKey, id) : undefined,
    release: oldKey && releaseWrite(table, oldKey, id),
  };
}

async function remove(table: Table, tenant: string, before: Stored): Promise<void> {
  const { id, resource, version } = before;
  const swept = { ...sweepKey(tenant, "GROUP", id), v: formatVersion };
  const name = textOf(resource, "displayName");
  const release = releaseWrite(table, claimKey(tenant, "GROUPNAME", name), id);
  await transactGroup(table, { name, release }, [
    deleteVersion(table, resourceKey(tenant, "GROUP", id), version),
    ...lookupWrites(table, groupLookups(tenant, id, resource), []),
    countWrite(table, tenant, "GROUP", id, -1),
    {
      Put: { TableName: table.name, Item: { ...swept, deletedAt: table.now().toISOString() } },
    },
  ]);
}

async function transactGroup(
  table: Table,
  { name, claim, release }: NameWrites,
  writes: readonly Write[],
): Promise<void> {
  try {
    await transact(
      table,
      [...writes, claim, release].filter((write) => !!write),
    );
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    if (claim && error.refused.has(claim)) throw uniqueness("displayName", name);
    // Where names need not be unique, a group may hold no claim on its own.
    const onlyRelease = release && error.refused.has(release) && error.refused.size === 1;
    if (onlyRelease) return transactGroup(table, { name, claim }, writes);
    throw new Conflict();
  }
}
