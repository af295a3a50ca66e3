import type { JsonObject } from "../../scim/json.ts";
import type { ResourceType } from "../../scim/schema.ts";
import type { GroupRules } from "../store.ts";
import { type Claim, type Claims, claimsBetween, claimsOf } from "./claims.ts";
import { textOf } from "./indexing.ts";
import { claimKey } from "./keys.ts";

/** What a group claims for itself that changes from `before` to `after`: its name only where the tenant wants names unique. */
export function groupClaims(
  type: ResourceType,
  tenant: string,
  before: JsonObject | undefined,
  after: JsonObject | undefined,
  rules?: GroupRules,
): Claims {
  const other = (group: JsonObject | undefined) =>
    group ? claimsOf(tenant, type, group).filter(({ attribute }) => attribute !== nameOf) : [];
  const name = (group: JsonObject | undefined) => (group ? [nameClaim(tenant, group)] : []);
  const others = claimsBetween(other(before), other(after));
  const names = claimsBetween(name(before), name(after));
  return {
    taken: [...others.taken, ...(rules?.uniqueGroupNames ? names.taken : [])],
    // A name that was taken while names were unique is given free also if they need not be any more.
    released: [...others.released, ...names.released],
  };
}

const nameOf = "displayName";

function nameClaim(tenant: string, group: JsonObject): Claim {
  const value = textOf(group, nameOf);
  return { attribute: nameOf, value, key: claimKey(tenant, "GROUPNAME", value) };
}
