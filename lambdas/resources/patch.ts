import { type Action, changed } from "../http/action.ts";
import { saySame } from "../scim/equal.ts";
import { notFound } from "../scim/errors.ts";
import { checkIfMatch } from "../scim/etag.ts";
import { readWanted } from "../scim/list-query.ts";
import { applyPatch } from "../scim/patch/apply.ts";
import { keep, rulesFor, type Served, toleranceFor, typeFor } from "./served.ts";
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

    const type = typeFor(served, request, before.resource, body);
    const rules = rulesFor(served, request, type);
    const operations = rules.operations(toleranceFor(request).operations(body, type));
    const patched = keep(served, applyPatch(before.resource, operations, type));
    const after = rules.change(before.resource, patched);
    rules.check(after, before.resource);
    // Entra repeats operations that change nothing; those cost no write and cause no event.
    const isSame = saySame(after, before.resource);
    const stored = isSame ? before : await served.store.replace(tenant, before, after, settings);
    return isShown
      ? replyWith(200, served, stored, request, {
          before: before.resource,
          derivations: await derivations,
        })
      : changed(identify(stored, served, request.baseUrl));
  },
});
