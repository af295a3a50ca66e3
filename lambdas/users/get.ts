import { type Action, ok } from "../http/action.ts";
import { notFound } from "../scim/errors.ts";
import type { UserStore } from "../store/store.ts";
import { showUser } from "./present.ts";

/** GET /Users/{id} (RFC 7644, section 3.4.1): whether active or not. */
export const getUser = (users: UserStore): Action => ({
  scope: "users:read",
  run: async (request) => {
    const user = await users.get(request.client.tenant, request.id);
    if (!user) throw notFound("User", request.id);
    return ok(showUser(user, request));
  },
});
