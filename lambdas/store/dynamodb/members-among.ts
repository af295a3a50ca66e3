import { unavailable } from "../../scim/errors.ts";
import type { Member, MemberReader } from "../store.ts";
import { firstPending, lastChange } from "./group-update.ts";
import { isId, memberKey, resourceKey, sweepKey } from "./keys.ts";
import { type Members, overlayAll } from "./member-change.ts";
import { getItems, transactGet } from "./read.ts";
import { readJournal } from "./read-journal.ts";
import type { Table } from "./table.ts";

/** Asks which of some ids are members of a group, without reading the others; which of them were deleted is asked for once. */
export function memberAsker(table: Table): MemberReader["membersAmong"] {
  const deletedOf = new Map<string, Promise<ReadonlySet<string>>>();
  return async (tenant, groupId, ids) => {
    const asked = [...new Set(ids)].filter(isId);
    if (asked.length === 0 || !isId(groupId)) return [];

    // What was deleted before the memberships are read is left out of them.
    const key = [tenant, ...asked].join("#");
    const asking = deletedOf.get(key) ?? deletedAmong(table, tenant, asked);
    deletedOf.set(key, asking);
    const deleted = await asking;
    const members = await readAmong(table, tenant, groupId, asked);
    return asked.flatMap((id): readonly Member[] => {
      const type = deleted.has(id) ? undefined : members.get(id);
      return type ? [{ id, type }] : [];
    });
  };
}

async function deletedAmong(table: Table, tenant: string, ids: readonly string[]) {
  const keys = ids.flatMap((id) => [sweepKey(tenant, "USER", id), sweepKey(tenant, "GROUP", id)]);
  const marks = await getItems(table, keys, { consistent: true, only: "sk" });
  return new Set(marks.map(({ sk }) => String(sk).slice(String(sk).indexOf("#") + 1)));
}

const attempts = 15;

/**
 * The members as of one instant. Changes that are pending are read between two looks at the group
 * and the memberships; where both tell of the same changes, none came or went in between.
 */
async function readAmong(
  table: Table,
  tenant: string,
  groupId: string,
  ids: readonly string[],
): Promise<Members> {
  for (let attempt = 0; attempt < attempts; attempt++) {
    if (attempt > 0) await table.sleep(table.random() * 40);
    const before = await readAtOnce(table, tenant, groupId, ids);
    if (firstPending(before.group) === undefined) return before.members;

    const journal = await readJournal(table, tenant, groupId, before.group);
    const after = await readAtOnce(table, tenant, groupId, ids);
    const isSame =
      lastChange(after.group) === lastChange(before.group) &&
      firstPending(after.group) === firstPending(before.group);
    if (journal && isSame)
      return overlayAll(
        after.members,
        journal.map(({ change }) => change),
      );
  }
  throw unavailable("The group's members change too fast to be read; send this again.", 2);
}

interface Snapshot {
  readonly group: Readonly<Record<string, unknown>>;
  readonly members: Members;
}

/** One transaction, so that a change made by one is seen whole. A group that is gone has no members. */
async function readAtOnce(
  table: Table,
  tenant: string,
  groupId: string,
  ids: readonly string[],
): Promise<Snapshot> {
  const keys = [
    resourceKey(tenant, "GROUP", groupId),
    ...ids.map((id) => memberKey(tenant, groupId, id)),
  ];
  const [group, ...memberships] = await transactGet(table, keys);
  const members = new Map<string, Member["type"]>();
  for (const [at, id] of ids.entries()) {
    const item = group && memberships[at];
    if (item) members.set(id, item.type === "Group" ? "Group" : "User");
  }
  return { group: group ?? {}, members };
}
