import { ScimError, unavailable } from "../../scim/errors.ts";
import type { Member } from "../store.ts";
import { firstPending, lastChange } from "./group-update.ts";
import { mostMembersAtOnce } from "./journal.ts";
import { changeKey, resourceKey } from "./keys.ts";
import { atGroupAlone } from "./lease.ts";
import { type Entry, type MemberUpdate, readEntry, remainder, sizeOf } from "./member-change.ts";
import { living } from "./member-lookup.ts";
import { deleteMember, membersConcerned, putMember } from "./memberships.ts";
import type { Pacer } from "./pacer.ts";
import { getItem } from "./read.ts";
import type { Table } from "./table.ts";
import { backOff, Refused, transact, type Write } from "./transact.ts";

export interface Carrying {
  /** When to leave the rest to whoever comes next, in milliseconds since the epoch. */
  readonly until: number;
  /** Waits between two steps, where nobody waits for their end. */
  readonly pacer?: Pacer;
}

/** For how long the members of a change that was just committed may be taken for living. */
const lookedUpMilliseconds = 30_000;

/**
 * Carries a group's journal into its memberships, change after change. Any number of callers may do
 * so at once, and one that stops half-way leaves what the next completes; each step holds only while
 * its change is the first of those pending. Answers whether nothing is pending any more.
 */
export async function carryOver(
  table: Table,
  tenant: string,
  groupId: string,
  carrying: Carrying,
): Promise<boolean> {
  for (let inVain = 0; inVain < mostInVain; inVain++) {
    if (inVain > 0) await backOff(table, inVain);
    const group = await getItem(table, resourceKey(tenant, "GROUP", groupId));
    const seq = group && firstPending(group);
    if (seq === undefined) return true;
    if (table.now().getTime() > carrying.until) return false;
    try {
      const outcome = await carryOne(table, tenant, groupId, seq, carrying);
      if (outcome === "timeIsUp") return false;
      if (outcome === "done") inVain = -1;
    } catch (error) {
      // Somebody else has completed this change, or the group is gone.
      if (!(error instanceof Refused)) throw error;
    }
  }
  throw unavailable(`A change of group ${groupId} is pending, but cannot be found or ended.`, 10);
}

/** A change is not there if somebody has ended it since the group was read, or for the moments before it is seen. */
const mostInVain = 12;

/** The same for a request that has committed a change of its own: that holds, whatever becomes of this. */
export async function carryOwn(table: Table, tenant: string, groupId: string): Promise<void> {
  const until = table.now().getTime() + patienceMs;
  try {
    await atGroupAlone(table, tenant, groupId, patienceMs + lastStepMs, () =>
      carryOver(table, tenant, groupId, { until }),
    );
  } catch (error) {
    // The store is busy, and the change may wait.
    if (!(error instanceof ScimError)) throw error;
  }
}

const patienceMs = 8000;
const lastStepMs = 4000;

async function carryOne(
  table: Table,
  tenant: string,
  groupId: string,
  seq: number,
  { until, pacer }: Carrying,
): Promise<"done" | "notThere" | "timeIsUp"> {
  const item = await getItem(table, changeKey(tenant, groupId, seq));
  if (!item) return "notThere";
  const entry = readEntry(item);
  const fence = fenceOf(table, tenant, groupId, seq);
  const members = await membersConcerned(table, tenant, groupId, entry.change);
  let isShort = false;
  for (const step of stepsOf(remainder(entry.change, members))) {
    if (table.now().getTime() > until) return "timeIsUp";
    const writes = await writesOf(table, tenant, groupId, entry, step);
    isShort ||= writes.length < sizeOf(step);
    await transact(table, [fence, ...writes]);
    await pacer?.spent(2 * writes.length);
  }
  await lift(table, tenant, groupId, { seq, isShort });
  return "done";
}

/** What a transaction after the other adds and removes. */
function stepsOf({ add, remove }: MemberUpdate): readonly MemberUpdate[] {
  const steps: MemberUpdate[] = [];
  for (let at = 0; at < add.length + remove.length; at += mostMembersAtOnce) {
    const end = at + mostMembersAtOnce;
    steps.push({
      kind: "update",
      add: add.slice(at, end),
      remove: remove.slice(Math.max(0, at - add.length), Math.max(0, end - add.length)),
    });
  }
  return steps;
}

async function writesOf(
  table: Table,
  tenant: string,
  groupId: string,
  { at }: Entry,
  { add, remove }: MemberUpdate,
): Promise<readonly Write[]> {
  const isFresh = table.now().getTime() - at.getTime() < lookedUpMilliseconds;
  const alive: readonly Member[] = isFresh ? add : await living(table, tenant, add);
  return [
    ...alive.map((member) => putMember(table, tenant, groupId, member)),
    ...remove.map((id) => deleteMember(table, tenant, groupId, id)),
  ];
}

const pending = (table: Table, tenant: string, groupId: string, seq: number) => ({
  TableName: table.name,
  Key: resourceKey(tenant, "GROUP", groupId),
  ExpressionAttributeValues: { ":seq": seq },
  ConditionExpression: "pendingChange = :seq",
});

/** Holds a step to its change: whoever was held up while others went on must not write an old one over a newer. */
const fenceOf = (table: Table, tenant: string, groupId: string, seq: number): Write => ({
  ConditionCheck: pending(table, tenant, groupId, seq),
});

/**
 * Ends a change that is carried over; the next one is the first then, if there is one. Where it came
 * short of members that were deleted, the group that clients see without them has another version.
 */
async function lift(
  table: Table,
  tenant: string,
  groupId: string,
  { seq, isShort }: { readonly seq: number; readonly isShort: boolean },
): Promise<void> {
  const change = { Delete: { TableName: table.name, Key: changeKey(tenant, groupId, seq) } };
  for (;;) {
    const group = await getItem(table, resourceKey(tenant, "GROUP", groupId));
    if (!group || firstPending(group) !== seq) return;
    const last = lastChange(group);
    const { ExpressionAttributeValues: values, ...update } = pending(table, tenant, groupId, seq);
    const onward = last > seq ? ["pendingChange = :next"] : [];
    const set = isShort ? [...onward, "lastModified = :now"] : onward;
    const Update = {
      ...update,
      UpdateExpression: [
        set.length > 0 ? `SET ${set.join(", ")}` : "",
        last > seq ? "" : "REMOVE pendingChange",
        isShort ? "ADD #version :one" : "",
      ].join(" "),
      ExpressionAttributeNames: isShort ? { "#version": "version" } : undefined,
      ConditionExpression: `${update.ConditionExpression} AND changeSeq = :last`,
      ExpressionAttributeValues: {
        ...values,
        ":last": last,
        ":next": last > seq ? seq + 1 : undefined,
        ":now": isShort ? table.now().toISOString() : undefined,
        ":one": isShort ? 1 : undefined,
      },
    };
    try {
      return await transact(table, [{ Update }, change]);
    } catch (error) {
      // A change has come behind it meanwhile.
      if (!(error instanceof Refused)) throw error;
    }
  }
}
