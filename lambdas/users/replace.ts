import { isDeepStrictEqual } from "node:util";
import { withCustomExtensions } from "../entra/custom-extensions.ts";
import { normaliseResource } from "../entra/normalise-resource.ts";
import { type Action, ok } from "../http/action.ts";
import { notFound } from "../scim/errors.ts";
import { userType } from "../scim/resource-types.ts";
import { readResource } from "../scim/validate.ts";
import { withoutWriteOnly } from "../scim/write-only.ts";
import type { UserStore } from "../store/store.ts";
import { showUser } from "./present.ts";

/** PUT /Users/{id} (RFC 7644, section 3.5.1). */
export const replaceUser = (users: UserStore): Action => ({
  scope: "users:write",
  run: async (request) => {
    const { client, id, body } = request;
    const type = withCustomExtensions(userType, body);
    const after = withoutWriteOnly(readResource(normaliseResource(body, type), type), type);

    const before = await users.get(client.tenant, id);
    if (!before) throw notFound("User", id);
    if (isDeepStrictEqual(after, before.resource)) return ok(showUser(before, request));

    return ok(showUser(await users.replace(client.tenant, before, after), request));
  },
});
