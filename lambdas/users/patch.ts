import { isDeepStrictEqual } from "node:util";
import { withCustomExtensions } from "../entra/custom-extensions.ts";
import { normalisePatch } from "../entra/normalise-patch.ts";
import { type Action, ok } from "../http/action.ts";
import { notFound } from "../scim/errors.ts";
import { applyPatch } from "../scim/patch/apply.ts";
import { readPatchOp } from "../scim/patch/read.ts";
import { userType } from "../scim/resource-types.ts";
import { withoutWriteOnly } from "../scim/write-only.ts";
import type { UserStore } from "../store/store.ts";
import { showUser } from "./present.ts";

/** PATCH /Users/{id} (RFC 7644, section 3.5.2). */
export const patchUser = (users: UserStore): Action => ({
  scope: "users:write",
  run: async (request) => {
    const { client, id, body } = request;
    const before = await users.get(client.tenant, id);
    if (!before) throw notFound("User", id);

    const type = withCustomExtensions(userType, before.resource, body);
    const operations = readPatchOp(normalisePatch(body, type));
    const after = withoutWriteOnly(applyPatch(before.resource, operations, type), type);
    // Entra repeats operations that change nothing; those cost no write and cause no event.
    if (isDeepStrictEqual(after, before.resource)) return ok(showUser(before, request));

    return ok(showUser(await users.replace(client.tenant, before, after), request));
  },
});
