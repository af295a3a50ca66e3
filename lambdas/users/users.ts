import type { Served } from "../resources/served.ts";
import { type JsonObject, withMember } from "../scim/json.ts";
import { groupType } from "../scim/resource-types.ts";
import type { ResourceType } from "../scim/schema.ts";
import { locationOf } from "../scim/stored.ts";
import type { GroupOfMember, UserStore } from "../store/store.ts";

/** Users as their endpoint serves them: with the groups that they are in (RFC 7643, section 4.1.2). */
export const servedUsers = (users: UserStore, type: ResourceType): Served => ({
  type,
  store: users,
  family: "users",
  takesCustomExtensions: true,
  kept: withoutPassword,
  derived: {
    name: "groups",
    valuesOf: async (tenant, ids, baseUrl) => {
      const groups = await users.groupsOf(tenant, ids);
      return new Map([...groups].map(([id, of]) => [id, of.map((one) => reference(one, baseUrl))]));
    },
  },
});

/** Nobody here checks a password: it is accepted, as RFC 7643, section 4.1.1 has it, and not kept. */
const withoutPassword = (user: JsonObject): JsonObject => withMember(user, "password", undefined);

/** Only groups that the user is in itself are listed, not those that contain these. */
const reference = ({ id, displayName }: GroupOfMember, baseUrl: string) => ({
  value: id,
  $ref: locationOf({ id }, groupType, baseUrl),
  display: displayName,
  type: "direct",
});
