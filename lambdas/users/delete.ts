import { type Action, noContent } from "../http/action.ts";
import { notFound } from "../scim/errors.ts";
import type { UserStore } from "../store/store.ts";

/** DELETE /Users/{id} (RFC 7644, section 3.6). */
export const deleteUser = (users: UserStore): Action => ({
  scope: "users:write",
  run: async ({ client, id }) => {
    const user = await users.get(client.tenant, id);
    if (!user) throw notFound("User", id);
    await users.delete(client.tenant, user);
    return noContent;
  },
});
