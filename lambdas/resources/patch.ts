import { type Action, changed } from "../http/action.ts";
import { notFound } from "../scim/errors.ts";
import { checkIfMatch } from "../scim/etag.ts";
import { readWanted } from "../scim/list-query.ts";
import { patched } from "./decide.ts";
import type { Served } from "./served.ts";
import { deriveBeside, identify, isShownAfterPatch, replyWith } from "./show.ts";

/** PATCH of one resource (RFC 7644, section 3.5.2). */
export const patchOne = (served: Served): Action => ({
  scope: `${served.family}:write`,
  run: async (request) => {
    const { id, body, preconditions } = request;
    const { tenant, settings } = request.principal;
    const isShown = isShownAfterPatch(served, request);
    // What is derived does not depend on the write, and is read beside it.
    const derivations = isShown
      ? deriveBeside(served, [id], readWanted(request.query), request)
      : undefined;
    const before = await served.store.get(tenant, id);
    if (!before) throw notFound(served.type.name, id);
    checkIfMatch(preconditions, before.version);

    const after = patched(served, request, before.resource, body);
    const isSame = after === before.resource;
    const stored = isSame ? before : await served.store.replace(tenant, before, after, settings);
    return isShown
      ? replyWith(200, served, stored, request, {
          before: before.resource,
          derivations: await derivations,
        })
      : changed(identify(stored, served, request.baseUrl));
  },
});
