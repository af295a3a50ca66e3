import type { Action } from "../http/action.ts";
import { saySame } from "../scim/equal.ts";
import { notFound } from "../scim/errors.ts";
import { checkIfMatch } from "../scim/etag.ts";
import { applyPatch } from "../scim/patch/apply.ts";
import { keep, type Served, toleranceFor, typeFor } from "./served.ts";
import { replyToPatch } from "./show.ts";

/** PATCH of one resource (RFC 7644, section 3.5.2). */
export const patchOne = (served: Served): Action => ({
  scope: `${served.family}:write`,
  run: async (request) => {
    const { client, id, body, preconditions } = request;
    const before = await served.store.get(client.tenant, id);
    if (!before) throw notFound(served.type.name, id);
    checkIfMatch(preconditions, before.version);

    const type = typeFor(served, request, before.resource, body);
    const operations = toleranceFor(request).operations(body, type);
    const after = keep(served, applyPatch(before.resource, operations, type));
    // Entra repeats operations that change nothing; those cost no write and cause no event.
    const isSame = saySame(after, before.resource);
    const stored = isSame ? before : await served.store.replace(client.tenant, before, after);
    return replyToPatch(served, stored, request, before.resource);
  },
});
