import { tooLarge, unavailable } from "../../scim/errors.ts";
import type { MembershipChange } from "../../scim/patch/membership.ts";
import type { GroupRules, Member } from "../store.ts";
import { carryOwn } from "./carry-over.ts";
import { groupUpdate } from "./group-update.ts";
import { commitOf, mostMembersAtOnce, remaining } from "./journal.ts";
import { isId, memberKey, resourceKey } from "./keys.ts";
import { type MemberUpdate, sizeOf } from "./member-change.ts";
import { lookUpMembers } from "./member-lookup.ts";
import { deleteMember, putMember } from "./memberships.ts";
import { getItem } from "./read.ts";
import { readJournal } from "./read-journal.ts";
import type { Table } from "./table.ts";
import { backOff, Refused, transact, type Write } from "./transact.ts";

/** As many ids as one item can hold. */
const mostMembers = 20_000;

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
  const deadline = table.now().getTime() + patienceMilliseconds;
  while (sizeOf(update) <= mostMembersAtOnce) {
    const outcome = await changeAtOnce(table, tenant, groupId, update, deadline);
    if (outcome !== "pending") return outcome === "done";
    const committed = await changeByJournal(table, tenant, groupId, update, deadline);
    if (committed !== "free") return committed === "done";
  }
  return (await changeByJournal(table, tenant, groupId, update, deadline)) === "done";
}

/** What became of a change: `free` if nothing is pending that it would have to come behind. */
type Outcome = "done" | "noGroup" | "pending" | "free";

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
  deadline: number,
): Promise<Outcome> {
  const steps = stepsOf(table, tenant, groupId, update);
  let settled: ReadonlySet<Step> = new Set();
  for (let attempt = 0; attempt === 0 || table.now().getTime() < deadline; attempt++) {
    if (attempt > 1) await backOff(table, attempt);
    const size = steps.length - settled.size;
    const group = groupUpdate(table, tenant, groupId, { memberships: { kind: "direct", size } });
    const sent = steps.map((step) => (settled.has(step) ? step.check : step.write));
    const refused = await refusedOf(table, [group, ...sent]);
    if (!refused) return "done";
    // While a large change is pending, the memberships do not tell the truth.
    if (refused.has(group)) return refused.get(group) ? "pending" : "noGroup";
    settled = settledOf(steps, sent, refused);
    if (settled.size === steps.length) return "done";
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

/** Commits the change whole by one item, whatever of it is there already, behind what is pending. */
async function changeByJournal(
  table: Table,
  tenant: string,
  groupId: string,
  update: MemberUpdate,
  deadline: number,
): Promise<Outcome> {
  for (let attempt = 0; attempt === 0 || table.now().getTime() < deadline; attempt++) {
    if (attempt > 0) await backOff(table, attempt);
    const group = await getItem(table, resourceKey(tenant, "GROUP", groupId));
    if (!group) return "noGroup";
    const journal = await readJournal(table, tenant, groupId, group);
    if (!journal) continue;
    const rest = await remaining(table, tenant, groupId, update, journal);
    if (sizeOf(rest) === 0) return "done";
    if (journal.length === 0 && sizeOf(update) <= mostMembersAtOnce) return "free";

    // Single changes beside it do not matter; a change's number is not used twice.
    const options = { size: sizeOf(update), isAlone: true };
    const commit = commitOf(table, tenant, groupId, group, journal, update, options);
    const { memberships, write, byRequest } = commit;
    const refused = await refusedOf(table, [
      groupUpdate(table, tenant, groupId, { memberships }),
      write,
    ]);
    if (refused) continue;
    if (byRequest) await carryOwn(table, tenant, groupId);
    return "done";
  }
  throw unavailable("Others change this group; send this again.", 1);
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
