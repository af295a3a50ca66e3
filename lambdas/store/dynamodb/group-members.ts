import { tooLarge, unavailable } from "../../scim/errors.ts";
import type { MembershipChange } from "../../scim/patch/membership.ts";
import type { GroupRules, Member } from "../store.ts";
import { groupUpdate, nextChange } from "./group-update.ts";
import { applyPending, mostMembersAtOnce, remainder } from "./journal.ts";
import { isId, memberKey, resourceKey } from "./keys.ts";
import { changeItem, type MemberChange, type MemberUpdate } from "./member-change.ts";
import { lookUpMembers } from "./member-lookup.ts";
import { deleteMember, putMember } from "./memberships.ts";
import { getItem } from "./read.ts";
import type { Table } from "./table.ts";
import { backOff, Refused, transact, type Write } from "./transact.ts";

/** As many ids as one item can hold. */
const mostMembers = 20_000;

const attempts = 8;

/** For how long a request makes way for other changes before it gives up, within API Gateway's 29 s. */
const patienceMilliseconds = 12_000;

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

/** A member to come or go: as it is written, and as it is checked where it need not be written any more. */
interface Step {
  readonly write: Write;
  readonly check: Write;
}

/**
 * One transaction. A member that is already as it is wanted is found out by the refusal of its
 * write, and then checked to be so still: the change holds whole at one instant, or changes nothing.
 */
async function changeAtOnce(
  table: Table,
  tenant: string,
  groupId: string,
  update: MemberUpdate,
): Promise<boolean> {
  const steps = stepsOf(table, tenant, groupId, update);
  const deadline = table.now().getTime() + patienceMilliseconds;
  let settled: ReadonlySet<Step> = new Set();
  for (let attempt = 0; attempt < attempts && table.now().getTime() < deadline; attempt++) {
    if (attempt > 1) await backOff(table, attempt);
    const group = groupUpdate(table, tenant, groupId, { members: steps.length - settled.size });
    const sent = steps.map((step) => (settled.has(step) ? step.check : step.write));
    const refused = await refusedOf(table, [group, ...sent]);
    if (!refused) return true;
    if (refused.has(group) && !refused.get(group)) return false;
    if (refused.has(group)) await makeWay(table, tenant, groupId);
    // While a large change was pending, the memberships did not tell the truth.
    settled = refused.has(group) ? new Set() : settledOf(steps, sent, refused);
    if (settled.size === steps.length) return true;
  }
  throw unavailable("Others change this group; send this again.", 1);
}

/** Which members are as wanted: those whose write was refused, and those whose check was not. */
function settledOf(
  steps: readonly Step[],
  sent: readonly Write[],
  refused: Refused["refused"],
): ReadonlySet<Step> {
  const isSettled = ({ write }: Step, at: number) => {
    const one = sent[at];
    return one === write ? refused.has(one) : one !== undefined && !refused.has(one);
  };
  return new Set(steps.filter(isSettled));
}

function stepsOf(
  table: Table,
  tenant: string,
  groupId: string,
  { add, remove }: MemberUpdate,
): readonly Step[] {
  const isThere = "attribute_exists(pk)";
  const isNot = "attribute_not_exists(pk)";
  const check = (id: string, ConditionExpression: string) => ({
    ConditionCheck: {
      TableName: table.name,
      Key: memberKey(tenant, groupId, id),
      ConditionExpression,
    },
  });
  const put = (member: Member) => putMember(table, tenant, groupId, member).Put;
  const drop = (id: string) => deleteMember(table, tenant, groupId, id).Delete;
  return [
    ...add.map((member) => ({
      write: { Put: { ...put(member), ConditionExpression: isNot } },
      check: check(member.id, isThere),
    })),
    ...remove.map((id) => ({
      write: { Delete: { ...drop(id), ConditionExpression: isThere } },
      check: check(id, isNot),
    })),
  ];
}

/** Commits the change whole by one item, whatever of it is there already; then carries it over. */
async function changeByJournal(
  table: Table,
  tenant: string,
  groupId: string,
  update: MemberUpdate,
): Promise<boolean> {
  const deadline = table.now().getTime() + patienceMilliseconds;
  for (let attempt = 0; attempt < attempts && table.now().getTime() < deadline; attempt++) {
    if (attempt > 0) await backOff(table, attempt);
    const group = await readUnencumbered(table, tenant, groupId);
    if (!group) return false;
    if (sizeOf(await remainder(table, tenant, groupId, update)) === 0) return true;

    // Single changes beside it do not matter; a change's number is not used twice.
    const pendingChange = nextChange(group);
    const refused = await refusedOf(table, [
      groupUpdate(table, tenant, groupId, { members: sizeOf(update), pendingChange }),
      putChange(table, tenant, groupId, pendingChange, update),
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
