import type { Action } from "../http/action.ts";
import { notFound } from "../scim/errors.ts";
import { checkIfMatch } from "../scim/etag.ts";
import { readWanted } from "../scim/list-query.ts";
import { replaceResource } from "../scim/replace.ts";
import { readResource } from "../scim/validate.ts";
import { keep, rulesFor, type Served, toleranceFor, typeFor } from "./served.ts";
import { deriveBeside, replyWith } from "./show.ts";

/** PUT of one resource (RFC 7644, section 3.5.1). */
export const replaceOne = (served: Served): Action => ({
  scope: `${served.family}:write`,
  run: async (request) => {
    const { id, body, preconditions } = request;
    const { tenant, settings } = request.principal;
    const type = typeFor(served, request, undefined, body);
    const rules = rulesFor(served, request, type);
    const given = rules.accept(readResource(toleranceFor(request).resource(body, type), type));

    // What is derived does not depend on the write, and is read beside it.
    const derivations = deriveBeside(served, [id], readWanted(request.query), request);
    const before = await served.store.get(tenant, id);
    if (!before) throw notFound(type.name, id);
    checkIfMatch(preconditions, before.version);

    const after = replaceResource(before.resource, keep(served, given), type);
    rules.check(after, before.resource);
    const isSame = after === before.resource;
    const stored = isSame ? before : await served.store.replace(tenant, before, after, settings);
    // All that there is now was in the body, changed or not.
    return replyWith(200, served, stored, request, {
      before: undefined,
      derivations: await derivations,
    });
  },
});
