import { Conflict, uniqueness } from "../../scim/errors.ts";
import type { JsonObject } from "../../scim/json.ts";
import type { ResourceType } from "../../scim/schema.ts";
import type { GroupRules } from "../store.ts";
import { type Claim, claimsBetween, claimsOf, takeClaims } from "./claims.ts";
import { textOf } from "./indexing.ts";
import { claimKey } from "./keys.ts";
import type { Table } from "./table.ts";
import { Refused, transact, type Write } from "./transact.ts";
import { releaseWrite } from "./writes.ts";

/** What only one group may have, as it changes: names where the tenant wants them unique, and what the schemas say. */
export interface GroupClaims {
  readonly taken: readonly Claim[];
  readonly released: readonly Claim[];
  /** Where names need not be unique, a group may hold no claim on its own. */
  readonly releasedName: Claim | undefined;
}

/** What a group claims that changes from `before` to `after`. */
export function groupClaims(
  type: ResourceType,
  tenant: string,
  before: JsonObject | undefined,
  after: JsonObject | undefined,
  rules?: GroupRules,
): GroupClaims {
  const other = (group: JsonObject | undefined) =>
    group ? claimsOf(tenant, type, group).filter(({ attribute }) => attribute !== nameOf) : [];
  const others = claimsBetween(other(before), other(after));
  const name = (group: JsonObject | undefined) => (group ? [nameClaim(tenant, group)] : []);
  const names = claimsBetween(name(before), name(after));
  return {
    taken: [...others.taken, ...(rules?.uniqueGroupNames ? names.taken : [])],
    released: others.released,
    releasedName: names.released[0],
  };
}

const nameOf = "displayName";

function nameClaim(tenant: string, group: JsonObject): Claim {
  const value = textOf(group, nameOf);
  return { attribute: nameOf, value, key: claimKey(tenant, "GROUPNAME", value) };
}

/** Writes a group together with what it claims. @throws ScimError 409 `uniqueness`; Conflict */
export async function transactGroup(
  table: Table,
  id: string,
  claims: GroupClaims,
  writes: readonly Write[],
): Promise<void> {
  const taken = takeClaims(table, id, claims.taken);
  const release = claims.releasedName && releaseWrite(table, claims.releasedName.key, id);
  const released = claims.released.map(({ key }) => releaseWrite(table, key, id));
  try {
    await transact(table, [...writes, ...taken.keys(), ...released, ...(release ? [release] : [])]);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    const [refused] = [...taken].filter(([write]) => error.refused.has(write));
    if (refused) throw uniqueness(refused[1].attribute, refused[1].value);
    if (release && error.refused.has(release) && error.refused.size === 1)
      return transactGroup(table, id, { ...claims, releasedName: undefined }, writes);
    throw new Conflict();
  }
}
