import { type Action, ok } from "../http/action.ts";
import { notFound } from "../scim/errors.ts";
import { readWanted } from "../scim/list-query.ts";
import type { GroupStore } from "../store/store.ts";
import { groupView, readGroup } from "./present.ts";

/** GET /Groups/{id} (RFC 7644, section 3.4.1). */
export const getGroup = (groups: GroupStore): Action => ({
  scope: "groups:read",
  run: async ({ client, id, baseUrl, query }) => {
    const view = groupView(client.tenant, baseUrl, readWanted(query));
    const group = await readGroup(groups, id, view);
    if (!group) throw notFound("Group", id);
    return ok(group);
  },
});
