import { normaliseResource } from "../entra/normalise-resource.ts";
import { type Action, created } from "../http/action.ts";
import { readWanted } from "../scim/list-query.ts";
import { readMembers } from "../scim/patch/membership.ts";
import { groupType } from "../scim/resource-types.ts";
import { locationOf } from "../scim/stored.ts";
import { readResource } from "../scim/validate.ts";
import type { GroupStore } from "../store/store.ts";
import { groupView, presentGroup } from "./present.ts";

/** POST /Groups (RFC 7644, section 3.3). */
export const createGroup = (groups: GroupStore): Action => ({
  scope: "groups:write",
  run: async ({ client, body, baseUrl, query }) => {
    const { tenant, settings } = client;
    const { resource: own, members = [] } = readMembers(normaliseResource(body, groupType));
    const resource = readResource(own, groupType);

    const whole = await groups.create(tenant, resource, members, settings);
    const shown = presentGroup(whole, groupView(tenant, baseUrl, readWanted(query)));
    return created(shown, locationOf(whole.group, groupType, baseUrl));
  },
});
