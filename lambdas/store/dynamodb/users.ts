import { invalidValue } from "../../scim/errors.ts";
import type { JsonObject } from "../../scim/json.ts";
import { userType } from "../../scim/resource-types.ts";
import type { ResourceType } from "../../scim/schema.ts";
import type { Stored } from "../../scim/stored.ts";
import type { DeleteRules, UserStore } from "../store.ts";
import { deletionMark } from "./deletion-mark.ts";
import { usersIn } from "./find-by-membership.ts";
import { groupsOf } from "./groups-of.ts";
import { emailsOf, userLookups } from "./indexing.ts";
import { checkSize } from "./items.ts";
import { tombstoneKey } from "./keys.ts";
import { storeKeeping } from "./resources.ts";
import { seatMove } from "./seat-moves.ts";
import { formatVersion, type Table } from "./table.ts";
import type { Write } from "./transact.ts";

/** Users in the table (RFC 7643, section 4.1). */
export function userStore(table: Table, type: ResourceType = userType): UserStore {
  const store = storeKeeping(table, {
    type,
    check,
    lookups: userLookups,
    remains,
    seats: seatMove,
  });
  return {
    ...store,
    find: (tenant, lookup, foretell) =>
      lookup.attribute === "groups.value"
        ? usersIn(table, tenant, lookup.value)
        : store.find(tenant, lookup, foretell),
    groupsOf: (tenant, ids) => groupsOf(table, tenant, ids),
  };
}

const mostEmails = 40;

function check(user: JsonObject): void {
  checkSize(user, "user");
  if (new Set(emailsOf(user)).size > mostEmails)
    throw invalidValue(`emails has more than ${mostEmails} values; send fewer.`);
}

/** A tombstone, so that the user can be restored, and a mark by which readers of members leave it out. */
function remains(
  table: Table,
  tenant: string,
  before: Stored,
  { tombstoneDays, erases }: DeleteRules,
): readonly Write[] {
  const deletedAt = table.now();
  const mark = deletionMark(table, tenant, "USER", before.id, deletedAt, erases);
  if (tombstoneDays === 0 || erases) return [mark];
  const expiresAt = Math.floor(deletedAt.getTime() / 1000) + tombstoneDays * 86_400;
  const { id, resource, version, created, lastModified } = before;
  const was = { id, resource, version, created, lastModified };
  const kept = { v: formatVersion, deletedAt: deletedAt.toISOString(), ...was, expiresAt };
  return [
    { Put: { TableName: table.name, Item: { ...tombstoneKey(tenant, before.id), ...kept } } },
    mark,
  ];
}
