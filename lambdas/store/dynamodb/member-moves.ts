import { Conflict } from "../../scim/errors.ts";
import type { MembershipChange } from "../../scim/patch/membership.ts";
import type { GroupRules } from "../store.ts";
import { checkNumber, resolveUpdate } from "./group-members.ts";
import type { MembershipWrite } from "./group-update.ts";
import { commitOf, mostMembersAtOnce, remaining } from "./journal.ts";
import { resourceKey } from "./keys.ts";
import { type MemberChange, sizeOf } from "./member-change.ts";
import { lookUpMembers } from "./member-lookup.ts";
import { deleteMember, putMember } from "./memberships.ts";
import { getItem } from "./read.ts";
import { readJournal } from "./read-journal.ts";
import type { Table } from "./table.ts";
import { mostWrites, type Write } from "./transact.ts";

/** The memberships that change together with the group's own attributes. */
export interface Moves {
  /** Undefined where no member comes or goes. */
  readonly memberships?: MembershipWrite;
  readonly writes: readonly Write[];
  /** Whether the request carries them over itself once they are committed. */
  readonly byRequest: boolean;
}

/** What is written beside the memberships. */
interface Beside {
  readonly writes: number;
  /** Whether the group's own attributes change as well. */
  readonly withResource: boolean;
}

/** What a change to the members writes, worked out from those that are there; it holds for the version read before. */
export async function memberMoves(
  table: Table,
  tenant: string,
  groupId: string,
  membership: MembershipChange,
  rules: GroupRules,
  beside: Beside,
): Promise<Moves> {
  const change =
    membership.kind === "update"
      ? await resolveUpdate(table, tenant, membership, rules)
      : await resolveReplacement(table, tenant, membership.members, rules);
  const group = await getItem(table, resourceKey(tenant, "GROUP", groupId));
  const journal = group && (await readJournal(table, tenant, groupId, group));
  if (!journal) throw new Conflict();
  const rest = await remaining(table, tenant, groupId, change, journal);

  const size = sizeOf(rest);
  if (size === 0) return { writes: [], byRequest: false };
  const mostAtOnce = Math.min(mostMembersAtOnce, mostWrites - beside.writes);
  if (journal.length === 0 && size <= mostAtOnce) {
    const puts = rest.add.map((member) => putMember(table, tenant, groupId, member));
    const deletes = rest.remove.map((one) => deleteMember(table, tenant, groupId, one));
    const writes = [...puts, ...deletes];
    return { memberships: { kind: "direct", size }, writes, byRequest: false };
  }
  const options = { size, isAlone: !beside.withResource };
  const commit = commitOf(table, tenant, groupId, group, journal, change, options);
  const { memberships, write, byRequest } = commit;
  return { memberships, writes: [write], byRequest };
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
