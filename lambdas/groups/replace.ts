import { isDeepStrictEqual } from "node:util";
import { normaliseResource } from "../entra/normalise-resource.ts";
import { type Action, ok } from "../http/action.ts";
import { notFound } from "../scim/errors.ts";
import { readWanted } from "../scim/list-query.ts";
import { readMembers } from "../scim/patch/membership.ts";
import { groupType } from "../scim/resource-types.ts";
import { readResource } from "../scim/validate.ts";
import type { GroupStore } from "../store/store.ts";
import { groupView, showGroup } from "./present.ts";

/** PUT /Groups/{id} (RFC 7644, section 3.5.1): a group without `members` is left with none. */
export const replaceGroup = (groups: GroupStore): Action => ({
  scope: "groups:write",
  run: async ({ client, id, body, baseUrl, query }) => {
    const { tenant, settings } = client;
    const { resource: own, members = [] } = readMembers(normaliseResource(body, groupType));
    const resource = readResource(own, groupType);

    const before = await groups.get(tenant, id);
    if (!before) throw notFound("Group", id);
    const after = isDeepStrictEqual(resource, before.resource) ? before.resource : resource;
    const stored = await groups.replace(
      tenant,
      before,
      after,
      { kind: "replace", members },
      settings,
    );

    const shown = await showGroup(groups, stored, groupView(tenant, baseUrl, readWanted(query)));
    if (!shown) throw notFound("Group", id);
    return ok(shown);
  },
});
