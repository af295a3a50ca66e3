import { unavailable } from "../../scim/errors.ts";
import { firstPending, lastChange, type MembershipWrite } from "./group-update.ts";
import {
  changeItem,
  composed,
  type Entry,
  type MemberChange,
  type MemberUpdate,
  overlayAll,
  remainder,
  sizeOf,
} from "./member-change.ts";
import { membersConcerned } from "./memberships.ts";
import type { Journal } from "./read-journal.ts";
import type { Table } from "./table.ts";
import type { Write } from "./transact.ts";
import { putNew } from "./writes.ts";

/** Of a transaction's hundred writes, some belong to the group itself. */
export const mostMembersAtOnce = 90;

/** What readers and writers of a group go through while its journal is carried over. */
const mostPendingIds = 100_000;
const mostPendingChanges = 200;

/** What `change` still has to add and remove behind all that is pending. */
export async function remaining(
  table: Table,
  tenant: string,
  groupId: string,
  change: MemberChange,
  journal: Journal,
): Promise<MemberUpdate> {
  const stored = await membersConcerned(table, tenant, groupId, change);
  const pending = journal.map((entry) => entry.change);
  return remainder(change, overlayAll(stored, pending));
}

/** How a change is committed to the journal: what the group's update says of it, and the item that holds it. */
export interface Commit {
  readonly memberships: MembershipWrite;
  readonly write: Write;
  /** Whether the request carries it over itself: what comes behind others waits with them. */
  readonly byRequest: boolean;
}

/** Up to so many members a request carries its own change over; what is more waits for the background work. */
export const mostCarriedByRequest = 1000;

/**
 * Commits `change`, by which `size` members come or go, behind what is pending. A single one that
 * comes alone is taken into the last change, if that is small, so that a stream of them leaves a
 * short journal.
 * @throws ScimError 503 where too much is pending already.
 */
export function commitOf(
  table: Table,
  tenant: string,
  groupId: string,
  group: Readonly<Record<string, unknown>>,
  journal: Journal,
  change: MemberChange,
  { size, isAlone }: { readonly size: number; readonly isAlone: boolean },
): Commit {
  checkLength(journal);
  const last = journal.at(-1);
  if (isAlone && last && mayTake(last, change, group)) {
    const entry = {
      ...last,
      change: composed(last.change, change),
      revision: last.revision + 1,
    };
    return {
      memberships: { kind: "merged", seq: last.seq },
      write: putOverRevision(table, changeItem(tenant, groupId, entry), last.revision),
      byRequest: false,
    };
  }
  const seq = lastChange(group) + 1;
  const byRequest = journal.length === 0 && size <= mostCarriedByRequest;
  const entry = { seq, change, at: table.now(), revision: 0, byRequest };
  return {
    memberships: { kind: journal.length === 0 ? "first" : "behind", seq },
    write: putNew(table, changeItem(tenant, groupId, entry)),
    byRequest,
  };
}

/** Half a KB: it is written again with each single change that it takes. */
const mostTaken = 30;

const mayTake = (
  { seq, change: taking }: Entry,
  change: MemberChange,
  group: Readonly<Record<string, unknown>>,
): change is MemberUpdate =>
  change.kind === "update" &&
  sizeOf(change) === 1 &&
  sizeOf(taking) < mostTaken &&
  seq === lastChange(group) &&
  seq !== firstPending(group);

function checkLength(journal: Journal): void {
  const ids = journal.reduce((sum, { change }) => sum + sizeOf(change), 0);
  if (ids < mostPendingIds && journal.length < mostPendingChanges) return;
  throw unavailable("Large changes to this group are still under way; send this again.", 30);
}

function putOverRevision(table: Table, item: Record<string, unknown>, revision: number): Write {
  return {
    Put: {
      TableName: table.name,
      Item: item,
      ConditionExpression: "revision = :revision",
      ExpressionAttributeValues: { ":revision": revision },
    },
  };
}
