import { type Action, noContent } from "../http/action.ts";
import { notFound } from "../scim/errors.ts";
import { checkIfMatch } from "../scim/etag.ts";
import type { ServedGroups } from "./groups.ts";

/** DELETE /Groups/{id} (RFC 7644, section 3.6). */
export const deleteGroup = ({ store }: ServedGroups): Action => ({
  scope: "groups:write",
  run: async ({ client, id, preconditions }) => {
    const group = await store.get(client.tenant, id);
    if (!group) throw notFound("Group", id);
    checkIfMatch(preconditions, group.version);
    await store.delete(client.tenant, group);
    return noContent;
  },
});
