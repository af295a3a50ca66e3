import { Conflict } from "../../scim/errors.ts";
import type { MembershipChange } from "../../scim/patch/membership.ts";
import type { GroupRules } from "../store.ts";
import {
  checkNumber,
  putChange,
  readUnencumbered,
  resolveUpdate,
  sizeOf,
} from "./group-members.ts";
import { nextChange } from "./group-update.ts";
import { mostMembersAtOnce, remainder } from "./journal.ts";
import type { MemberChange } from "./member-change.ts";
import { lookUpMembers } from "./member-lookup.ts";
import { deleteMember, putMember } from "./memberships.ts";
import type { Table } from "./table.ts";
import { mostWrites, type Write } from "./transact.ts";

/** The memberships that change together with the group's own attributes. */
export interface Moves {
  /** How many members come or go. */
  readonly size: number;
  readonly writes: readonly Write[];
  /** The change's number, where it is too large to be written member by member at once. */
  readonly pendingChange?: number;
}

/** What a change to the members writes beside `otherWrites`, worked out from those that are there; it holds for the version read before. */
export async function memberMoves(
  table: Table,
  tenant: string,
  groupId: string,
  membership: MembershipChange,
  rules: GroupRules,
  otherWrites: number,
): Promise<Moves> {
  const group = await readUnencumbered(table, tenant, groupId);
  if (!group) throw new Conflict();
  const change =
    membership.kind === "update"
      ? await resolveUpdate(table, tenant, membership, rules)
      : await resolveReplacement(table, tenant, membership.members, rules);
  const update = await remainder(table, tenant, groupId, change);

  const size = sizeOf(update);
  if (size <= Math.min(mostMembersAtOnce, mostWrites - otherWrites)) {
    const puts = update.add.map((member) => putMember(table, tenant, groupId, member));
    const deletes = update.remove.map((one) => deleteMember(table, tenant, groupId, one));
    return { size, writes: [...puts, ...deletes] };
  }
  const pendingChange = nextChange(group);
  const put = putChange(table, tenant, groupId, pendingChange, change);
  return { size, writes: [put], pendingChange };
}

async function resolveReplacement(
  table: Table,
  tenant: string,
  ids: readonly string[],
  rules: GroupRules,
): Promise<MemberChange> {
  checkNumber(ids.length);
  return { kind: "replace", members: await lookUpMembers(table, tenant, ids, rules) };
}
