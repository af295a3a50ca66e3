import { ScimError } from "../../scim/errors.ts";
import { changeKey, resourceKey } from "./keys.ts";
import { type MemberChange, type MemberUpdate, readChange } from "./member-change.ts";
import { deleteMember, existingMembers, putMember, readMemberships } from "./memberships.ts";
import { getItem } from "./read.ts";
import type { Table } from "./table.ts";
import { Refused, transact, type Write } from "./transact.ts";

/** Of a transaction's hundred writes, some belong to the group itself. */
export const mostMembersAtOnce = 90;

/** For how long a request carries a committed change into the memberships before it leaves the rest to the next writer. */
const patienceMilliseconds = 8000;

/**
 * Carries a group's pending change into its memberships. Any number of callers may do so at once,
 * and one that stops half-way leaves what the next completes; each step holds only while the
 * change is still the pending one. Answers whether nothing is pending any more, and never throws
 * for want of the store: the change is committed, and may wait.
 */
export async function applyPending(
  table: Table,
  tenant: string,
  groupId: string,
): Promise<boolean> {
  try {
    return await carryOver(table, tenant, groupId);
  } catch (error) {
    // Somebody else has completed it, or the group is gone.
    if (error instanceof Refused) return true;
    if (error instanceof ScimError) return false;
    throw error;
  }
}

async function carryOver(table: Table, tenant: string, groupId: string): Promise<boolean> {
  const deadline = table.now().getTime() + patienceMilliseconds;
  const group = await getItem(table, resourceKey(tenant, "GROUP", groupId));
  const seq = group?.pendingChange;
  if (typeof seq !== "number") return true;
  const item = await getItem(table, changeKey(tenant, groupId, seq));
  if (!item) return true;

  const fence = fenceOf(table, tenant, groupId, seq);
  const writes = await remainingWrites(table, tenant, groupId, readChange(item));
  for (let at = 0; at < writes.length; at += mostMembersAtOnce) {
    if (table.now().getTime() > deadline) return false;
    await transact(table, [fence.check, ...writes.slice(at, at + mostMembersAtOnce)]);
  }
  await transact(table, fence.lift);
  return true;
}

function fenceOf(table: Table, tenant: string, groupId: string, seq: number) {
  const pending = {
    TableName: table.name,
    Key: resourceKey(tenant, "GROUP", groupId),
    ConditionExpression: "pendingChange = :seq",
    ExpressionAttributeValues: { ":seq": seq },
  };
  const change = { TableName: table.name, Key: changeKey(tenant, groupId, seq) };
  return {
    check: { ConditionCheck: pending },
    lift: [
      { Update: { ...pending, UpdateExpression: "REMOVE pendingChange" } },
      { Delete: change },
    ],
  };
}

/** What is left to be written of a change: one that was half carried over is not begun anew. */
async function remainingWrites(
  table: Table,
  tenant: string,
  groupId: string,
  change: MemberChange,
): Promise<readonly Write[]> {
  const { add, remove } = await remainder(table, tenant, groupId, change);
  return [
    ...add.map((member) => putMember(table, tenant, groupId, member)),
    ...remove.map((id) => deleteMember(table, tenant, groupId, id)),
  ];
}

/** What a change still has to add and remove, of the memberships as they are in the table. */
export async function remainder(
  table: Table,
  tenant: string,
  groupId: string,
  change: MemberChange,
): Promise<MemberUpdate> {
  if (change.kind === "update") {
    const ids = [...change.add.map(({ id }) => id), ...change.remove];
    const present = await existingMembers(table, tenant, groupId, ids);
    return {
      kind: "update",
      add: change.add.filter(({ id }) => !present.has(id)),
      remove: change.remove.filter((id) => present.has(id)),
    };
  }
  const { members } = await readMemberships(table, tenant, groupId);
  const wanted = new Set(change.members.map(({ id }) => id));
  return {
    kind: "update",
    add: change.members.filter(({ id }) => !members.has(id)),
    remove: [...members.keys()].filter((id) => !wanted.has(id)),
  };
}
