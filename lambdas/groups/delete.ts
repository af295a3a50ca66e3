import { type Action, noContent } from "../http/action.ts";
import { notFound } from "../scim/errors.ts";
import type { GroupStore } from "../store/store.ts";

/** DELETE /Groups/{id} (RFC 7644, section 3.6). */
export const deleteGroup = (groups: GroupStore): Action => ({
  scope: "groups:write",
  run: async ({ client, id }) => {
    const group = await groups.get(client.tenant, id);
    if (!group) throw notFound("Group", id);
    await groups.delete(client.tenant, group);
    return noContent;
  },
});
