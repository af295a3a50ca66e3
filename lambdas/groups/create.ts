import { normaliseResource } from "../entra/normalise-resource.ts";
import { type Action, created } from "../http/action.ts";
import { Conflict } from "../scim/errors.ts";
import { readWanted } from "../scim/list-query.ts";
import { readMembers } from "../scim/patch/membership.ts";
import { groupType } from "../scim/resource-types.ts";
import { locationOf } from "../scim/stored.ts";
import { readResource } from "../scim/validate.ts";
import type { GroupStore } from "../store/store.ts";
import { groupView, showGroup } from "./present.ts";

/** POST /Groups (RFC 7644, section 3.3). */
export const createGroup = (groups: GroupStore): Action => ({
  scope: "groups:write",
  run: async ({ client, body, baseUrl, query }) => {
    const { tenant, settings } = client;
    const { resource: own, members = [] } = readMembers(normaliseResource(body, groupType));
    const resource = readResource(own, groupType);

    const stored = await groups.create(tenant, resource, members, settings);
    const shown = await showGroup(groups, stored, groupView(tenant, baseUrl, readWanted(query)));
    if (!shown) throw new Conflict();
    return created(shown, locationOf(stored, groupType, baseUrl));
  },
});
