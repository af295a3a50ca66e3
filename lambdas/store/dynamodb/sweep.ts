import type { DeletionMark } from "./deletion-mark.ts";
import { dueOf, unmark, whileMarked } from "./deletion-mark.ts";
import { emptyGroup } from "./empty-group.ts";
import { eraseTraces } from "./erase-traces.ts";
import { groupUpdate } from "./group-update.ts";
import { groupIdsOf } from "./groups-of.ts";
import { formerGroupsKey, tombstoneKey } from "./keys.ts";
import { packIds } from "./member-change.ts";
import { deleteMember } from "./memberships.ts";
import type { Pacer } from "./pacer.ts";
import { oldestPending } from "./pending-changes.ts";
import { getItem, inTurns } from "./read.ts";
import { formatVersion, type Table } from "./table.ts";
import { backOff, Refused, transact } from "./transact.ts";

/** One member of two in a transaction's hundred writes: it goes while its mark holds. */
const mostSweptAtOnce = 45;

const attempts = 20;

export interface Sweeping {
  readonly table: Table;
  readonly tenant: string;
  /** Spent on what is written to groups, and to a group's own partition where that is emptied. */
  readonly pacerOf: () => Pacer;
  readonly isTimeUp: () => boolean;
}

/**
 * Takes what was deleted out of all groups, and a deleted group's memberships out of the table.
 * The marks must be so old that nobody writes any more who found their ids alive. What is swept
 * loses its mark; answers with those that keep theirs: a large change to one of their groups
 * is pending, or the time is up.
 */
export async function sweep(
  sweeping: Sweeping,
  marks: readonly DeletionMark[],
): Promise<readonly DeletionMark[]> {
  const left: DeletionMark[] = [];
  for (let at = 0; at < marks.length; at += mostPrepared) {
    const some = marks.slice(at, at + mostPrepared);
    left.push(...(sweeping.isTimeUp() ? some : await sweepSome(sweeping, some)));
  }
  return left;
}

/** A run ends some before it prepares others; if it prepared all first, many could take all of its time, each time anew. */
const mostPrepared = 450;

async function sweepSome(
  sweeping: Sweeping,
  marks: readonly DeletionMark[],
): Promise<readonly DeletionMark[]> {
  const { table, tenant } = sweeping;
  const inGroups = await inTurns(marks, async (mark) => ({
    mark,
    groups: await groupIdsOf(table, tenant, mark.id),
  }));
  await inTurns(inGroups, async ({ mark, groups }) => {
    if (mark.kind === "USER" && groups.length > 0) await saveGroups(sweeping, mark, groups);
  });

  const left = new Set<DeletionMark>();
  const pacer = sweeping.pacerOf();
  for (const [groupId, members] of byGroup(inGroups)) {
    for (let at = 0; at < members.length; at += mostSweptAtOnce) {
      const some = members.slice(at, at + mostSweptAtOnce);
      const isOut = !sweeping.isTimeUp() && (await takeOut(sweeping, groupId, some, pacer));
      if (!isOut) for (const mark of some) left.add(mark);
    }
  }
  const swept = marks.filter((mark) => !left.has(mark));
  const mustStay = await whichMustStay(sweeping, swept);
  // Users first, since to empty a group takes long.
  await inTurns(
    swept.filter((mark) => mark.kind === "USER"),
    async (mark) => (mustStay(mark) ? left.add(mark) : forget(sweeping, mark)),
  );
  for (const mark of swept.filter(({ kind }) => kind === "GROUP"))
    if ((await emptyGroup(sweeping, mark.id)) && !mustStay(mark)) await forget(sweeping, mark);
    else left.add(mark);
  return [...left];
}

interface InGroups {
  readonly mark: DeletionMark;
  readonly groups: readonly string[];
}

/** Who leaves each group. */
function byGroup(inGroups: readonly InGroups[]): ReadonlyMap<string, readonly DeletionMark[]> {
  const members = new Map<string, DeletionMark[]>();
  for (const { mark, groups } of inGroups)
    for (const group of groups) members.set(group, [...(members.get(group) ?? []), mark]);
  return members;
}

/** As many as an item holds. */
const mostKept = 20_000;

/** Keeps the groups of a user as long as its tombstone, so that it can be restored to them. */
async function saveGroups(
  { table, tenant }: Sweeping,
  mark: DeletionMark,
  groups: readonly string[],
): Promise<void> {
  const Key = tombstoneKey(tenant, mark.id);
  const tombstone = await getItem(table, Key);
  if (!tombstone) return;
  const { deletedAt, expiresAt } = tombstone;
  const Item = {
    // The same groups make the same item, also where a sweep is begun again.
    ...formerGroupsKey(tenant, mark.id, mark.deletedAt),
    v: formatVersion,
    groups: packIds(groups.slice(0, mostKept)),
    expiresAt,
  };
  const isKept = {
    TableName: table.name,
    Key,
    ConditionExpression: "deletedAt = :deletedAt",
    ExpressionAttributeValues: { ":deletedAt": deletedAt },
  };
  await unlessRestored(() =>
    transact(table, [
      { Put: { TableName: table.name, Item, ConditionExpression: "attribute_not_exists(pk)" } },
      { ConditionCheck: isKept },
      whileMarked(table, tenant, mark),
    ]),
  );
}

/**
 * Takes members out of a group, as a change of the group that clients see by its version.
 * Answers false where a large change is pending.
 */
async function takeOut(
  { table, tenant }: Sweeping,
  groupId: string,
  marks: readonly DeletionMark[],
  pacer: Pacer,
): Promise<boolean> {
  let members = marks;
  for (let attempt = 0; attempt < attempts && members.length > 0; attempt++) {
    if (attempt > 0) await backOff(table, attempt);
    const memberships = { kind: "direct", size: members.length } as const;
    const group = groupUpdate(table, tenant, groupId, { memberships });
    const steps = members.map((mark) => ({
      mark,
      drop: {
        Delete: {
          ...deleteMember(table, tenant, groupId, mark.id).Delete,
          ConditionExpression: "attribute_exists(pk)",
        },
      },
      check: whileMarked(table, tenant, mark),
    }));
    try {
      await transact(table, [group, ...steps.flatMap(({ drop, check }) => [drop, check])]);
      await pacer.spent(2 * steps.length);
      return true;
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      // A group that is gone is emptied when it is swept itself.
      if (error.refused.has(group)) return error.refused.get(group) === undefined;
      // The index told of what is no longer there, or somebody was restored.
      const isOpen = ({ drop, check }: (typeof steps)[number]) =>
        !error.refused.has(drop) && !error.refused.has(check);
      members = steps.filter(isOpen).map(({ mark }) => mark);
    }
  }
  return members.length === 0;
}

/** Which marks must stay since a pending change may name their ids: its readers leave them out by the mark. */
async function whichMustStay(
  { table, tenant }: Sweeping,
  marks: readonly DeletionMark[],
): Promise<(mark: DeletionMark) => boolean> {
  const lastDue = marks.map(dueOf).toSorted((one, other) => other.getTime() - one.getTime())[0];
  const oldest = lastDue && (await oldestPending(table, tenant, lastDue));
  return (mark) => oldest !== undefined && oldest < dueOf(mark);
}

async function forget({ table, tenant }: Sweeping, mark: DeletionMark): Promise<void> {
  if (mark.erases) await eraseTraces(table, tenant, mark.id);
  await unlessRestored(() => transact(table, [unmark(table, tenant, mark)]));
}

/** Who was restored meanwhile has no mark any more, and nothing is to be done. */
async function unlessRestored(write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
  }
}
