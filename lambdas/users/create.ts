import { withCustomExtensions } from "../entra/custom-extensions.ts";
import { normaliseResource } from "../entra/normalise-resource.ts";
import { type Action, created } from "../http/action.ts";
import { userType } from "../scim/resource-types.ts";
import { locationOf } from "../scim/stored.ts";
import { readResource } from "../scim/validate.ts";
import { withoutWriteOnly } from "../scim/write-only.ts";
import type { UserStore } from "../store/store.ts";
import { showUser } from "./present.ts";

/** POST /Users (RFC 7644, section 3.3). */
export const createUser = (users: UserStore): Action => ({
  scope: "users:write",
  run: async (request) => {
    const type = withCustomExtensions(userType, request.body);
    const given = readResource(normaliseResource(request.body, type), type);
    const user = withoutWriteOnly(given, type);

    const stored = await users.create(request.client.tenant, user);
    return created(showUser(stored, request), locationOf(stored, userType, request.baseUrl));
  },
});
