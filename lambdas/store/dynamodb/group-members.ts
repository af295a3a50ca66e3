import { tooLarge, unavailable } from "../../scim/errors.ts";
import type { MembershipChange } from "../../scim/patch/membership.ts";
import type { GroupRules } from "../store.ts";
import { groupUpdate, nextChange } from "./group-update.ts";
import { applyPending, mostMembersAtOnce, remainder } from "./journal.ts";
import { isId, resourceKey } from "./keys.ts";
import { changeItem, type MemberChange, type MemberUpdate } from "./member-change.ts";
import { lookUpMembers } from "./member-lookup.ts";
import { deleteMember, putMember } from "./memberships.ts";
import { getItem } from "./read.ts";
import type { Table } from "./table.ts";
import { backOff, Refused, transact, type Write } from "./transact.ts";

/** As many ids as one item can hold. */
const mostMembers = 20_000;

const attempts = 8;

/** Adds and removes members of a group that is not read; answers false where there is none. */
export async function changeMembers(
  table: Table,
  tenant: string,
  groupId: string,
  change: MembershipChange & { readonly kind: "update" },
  rules: GroupRules,
): Promise<boolean> {
  if (!isId(groupId)) return false;
  const update = await resolveUpdate(table, tenant, change, rules);
  if (sizeOf(update) === 0) return !!(await getItem(table, resourceKey(tenant, "GROUP", groupId)));
  return sizeOf(update) <= mostMembersAtOnce
    ? changeAtOnce(table, tenant, groupId, update)
    : changeByJournal(table, tenant, groupId, update);
}

/** The update with each added member known to be a user or a group. */
export async function resolveUpdate(
  table: Table,
  tenant: string,
  { add, remove }: MembershipChange & { readonly kind: "update" },
  rules: GroupRules,
): Promise<MemberUpdate> {
  checkNumber(add.length + remove.length);
  const members = await lookUpMembers(table, tenant, add, rules);
  return { kind: "update", add: members, remove: [...new Set(remove)].filter(isId) };
}

/** @throws ScimError 413 where one request names more members than one item can hold. */
export function checkNumber(members: number): void {
  if (members > mostMembers)
    throw tooLarge(`One request changes at most ${mostMembers} members; send several.`);
}

export const sizeOf = ({ add, remove }: MemberUpdate) => add.length + remove.length;

/** One transaction; whatever would change nothing is found out by its refusal and left out. */
async function changeAtOnce(
  table: Table,
  tenant: string,
  groupId: string,
  update: MemberUpdate,
): Promise<boolean> {
  let wanted = conditionalWrites(table, tenant, groupId, update);
  for (let attempt = 0; attempt < attempts && wanted.length > 0; attempt++) {
    const group = groupUpdate(table, tenant, groupId, { members: wanted.length });
    const refused = await refusedOf(table, [group, ...wanted]);
    if (!refused) return true;
    if (refused.has(group) && !refused.get(group)) return false;
    if (refused.has(group)) await makeWay(table, tenant, groupId);
    wanted = wanted.filter((write) => refused.has(group) || !refused.has(write));
  }
  if (wanted.length > 0) throw unavailable("Others change this group; send this again.", 1);
  return true;
}

function conditionalWrites(
  table: Table,
  tenant: string,
  groupId: string,
  { add, remove }: MemberUpdate,
): readonly Write[] {
  const puts = add.map((member) => {
    const { Put } = putMember(table, tenant, groupId, member);
    return { Put: { ...Put, ConditionExpression: "attribute_not_exists(pk)" } };
  });
  const deletes = remove.map((id) => {
    const { Delete } = deleteMember(table, tenant, groupId, id);
    return { Delete: { ...Delete, ConditionExpression: "attribute_exists(pk)" } };
  });
  return [...puts, ...deletes];
}

/** Commits the change by one item, on condition of the version that it was worked out from; then carries it over. */
async function changeByJournal(
  table: Table,
  tenant: string,
  groupId: string,
  update: MemberUpdate,
): Promise<boolean> {
  for (let attempt = 0; attempt < attempts; attempt++) {
    if (attempt > 0) await backOff(table, attempt);
    const group = await readUnencumbered(table, tenant, groupId);
    if (!group) return false;

    const rest = await remainder(table, tenant, groupId, update);
    if (sizeOf(rest) === 0) return true;
    if (sizeOf(rest) <= mostMembersAtOnce) return changeAtOnce(table, tenant, groupId, rest);

    const pendingChange = nextChange(group);
    const { version } = group;
    const moved = { members: sizeOf(rest), version: Number(version), pendingChange };
    const refused = await refusedOf(table, [
      groupUpdate(table, tenant, groupId, moved),
      putChange(table, tenant, groupId, pendingChange, rest),
    ]);
    if (refused) continue;
    await applyPending(table, tenant, groupId);
    return true;
  }
  throw unavailable("Others change this group; send this again.", 1);
}

/** The item that commits a large change. */
export const putChange = (
  table: Table,
  tenant: string,
  groupId: string,
  seq: number,
  change: MemberChange,
): Write => ({
  Put: { TableName: table.name, Item: changeItem(tenant, groupId, seq, change) },
});

/** The group's item once no large change is pending, so that its memberships tell the whole truth. */
export async function readUnencumbered(table: Table, tenant: string, groupId: string) {
  const key = resourceKey(tenant, "GROUP", groupId);
  const group = await getItem(table, key);
  if (group?.pendingChange === undefined) return group;
  await makeWay(table, tenant, groupId);
  return getItem(table, key);
}

/** Completes the change that stands in the way. @throws ScimError 503 where that takes longer than a request may. */
async function makeWay(table: Table, tenant: string, groupId: string): Promise<void> {
  if (await applyPending(table, tenant, groupId)) return;
  throw unavailable("A large change to this group is still under way; send this again.", 10);
}

async function refusedOf(table: Table, writes: readonly Write[]) {
  try {
    await transact(table, writes);
    return undefined;
  } catch (error) {
    if (error instanceof Refused) return error.refused;
    throw error;
  }
}
