import type { JsonObject } from "../../scim/json.ts";
import type { MembershipChange } from "../../scim/patch/membership.ts";
import { groupType } from "../../scim/resource-types.ts";
import type { ResourceType } from "../../scim/schema.ts";
import type { Stored } from "../../scim/stored.ts";
import type { GroupRules, GroupStore, GroupWithMembers } from "../store.ts";
import { carryOwn } from "./carry-over.ts";
import { transactClaiming } from "./claims.ts";
import { deletionMark } from "./deletion-mark.ts";
import { groupsWith } from "./find-by-membership.ts";
import { groupClaims } from "./group-claims.ts";
import { changeMembers, checkNumber } from "./group-members.ts";
import { groupUpdate } from "./group-update.ts";
import { countWrite, groupLookups, lookupWrites } from "./indexing.ts";
import { checkSize, toItem } from "./items.ts";
import { mostCarriedByRequest, mostMembersAtOnce } from "./journal.ts";
import { resourceKey } from "./keys.ts";
import { changeItem } from "./member-change.ts";
import { lookUpMembers } from "./member-lookup.ts";
import { memberMoves } from "./member-moves.ts";
import { memberReader, putMember } from "./memberships.ts";
import { resourceReader } from "./resource-reader.ts";
import type { Table } from "./table.ts";
import { deleteVersion, putNew } from "./writes.ts";

/** Groups and memberships in the table (RFC 7643, section 4.2). */
export function groupStore(table: Table, type: ResourceType = groupType): GroupStore {
  const kept = { table, type };
  const reader = resourceReader(table, type);
  return {
    ...reader,
    find: (tenant, lookup, foretell) =>
      lookup.attribute === "members.value"
        ? groupsWith(table, tenant, lookup.value)
        : reader.find(tenant, lookup, foretell),
    // A reader remembers what was deleted, so that each of these lasts for one call.
    getWithMembers: (tenant, id) => memberReader(table).getWithMembers(tenant, id),
    membersAmong: (tenant, id, ids) => memberReader(table).membersAmong(tenant, id, ids),
    displayNamesOf: (tenant, members) => memberReader(table).displayNamesOf(tenant, members),
    memberReader: () => memberReader(table),
    create: (tenant, group, members, rules) => create(kept, tenant, group, members, rules),
    changeMembers: (tenant, id, change, rules) => changeMembers(table, tenant, id, change, rules),
    replace: (tenant, before, after, membership, rules) =>
      replace(kept, tenant, before, after, membership, rules),
    delete: (tenant, before) => remove(kept, tenant, before),
  };
}

interface Kept {
  readonly table: Table;
  readonly type: ResourceType;
}

async function create(
  { table, type }: Kept,
  tenant: string,
  group: JsonObject,
  memberIds: readonly string[],
  rules: GroupRules,
): Promise<GroupWithMembers> {
  checkSize(group, "group");
  checkNumber(memberIds.length);
  const add = await lookUpMembers(table, tenant, memberIds, rules);
  const at = table.now();
  const now = at.toISOString();
  const id = table.newId();
  const stored = { id, resource: group, version: 1, created: now, lastModified: now };
  const claims = groupClaims(type, tenant, undefined, group, rules);
  const large = add.length > mostMembersAtOnce;
  const byRequest = large && add.length <= mostCarriedByRequest;
  const item = { ...toItem(tenant, "GROUP", stored), changeSeq: 1 };
  const change = { kind: "update", add, remove: [] } as const;

  await transactClaiming(table, id, claims, [
    putNew(table, large ? { ...item, pendingChange: 1 } : item),
    ...lookupWrites(table, [], groupLookups(tenant, id, group)),
    countWrite(table, tenant, "GROUP", id, 1),
    ...(large
      ? [putNew(table, changeItem(tenant, id, { seq: 1, change, at, revision: 0, byRequest }))]
      : add.map((member) => putMember(table, tenant, id, member))),
  ]);
  if (byRequest) await carryOwn(table, tenant, id);
  return { group: stored, members: add, lacksDeleted: false };
}

async function replace(
  { table, type }: Kept,
  tenant: string,
  before: Stored,
  after: JsonObject,
  membership: MembershipChange | undefined,
  rules: GroupRules,
): Promise<Stored> {
  checkSize(after, "group");
  const { id, version } = before;
  const claims = groupClaims(type, tenant, before.resource, after, rules);
  const lookups = lookupWrites(
    table,
    groupLookups(tenant, id, before.resource),
    groupLookups(tenant, id, after),
  );
  const resource = after === before.resource ? undefined : after;
  const beside = {
    writes: 1 + claims.taken.length + claims.released.length + lookups.length,
    withResource: resource !== undefined,
  };
  const moves = membership && (await memberMoves(table, tenant, id, membership, rules, beside));
  const memberships = moves?.memberships;
  if (!resource && !memberships) return before;

  const group = groupUpdate(table, tenant, id, { memberships, version, resource });
  await transactClaiming(table, id, claims, [group, ...lookups, ...(moves?.writes ?? [])]);
  if (moves?.byRequest) await carryOwn(table, tenant, id);
  const lastModified = group.Update?.ExpressionAttributeValues?.[":now"] as string;
  return { ...before, resource: after, version: version + 1, lastModified };
}

async function remove({ table, type }: Kept, tenant: string, before: Stored): Promise<void> {
  const { id, resource } = before;
  await transactClaiming(table, id, groupClaims(type, tenant, resource, undefined), [
    deleteVersion(table, resourceKey(tenant, "GROUP", id), before),
    ...lookupWrites(table, groupLookups(tenant, id, resource), []),
    countWrite(table, tenant, "GROUP", id, -1),
    deletionMark(table, tenant, "GROUP", id),
  ]);
}
