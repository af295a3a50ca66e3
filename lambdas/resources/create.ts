import type { Action } from "../http/action.ts";
import { readResource } from "../scim/validate.ts";
import { keep, rulesFor, type Served, toleranceFor, typeFor } from "./served.ts";
import { replyWith } from "./show.ts";

/** POST on a type's endpoint (RFC 7644, section 3.3). */
export const createResource = (served: Served): Action => ({
  scope: `${served.family}:write`,
  run: async (request) => {
    const { body } = request;
    const { tenant, settings } = request.principal;
    const type = typeFor(served, request, undefined, body);
    const rules = rulesFor(served, request, type);
    const given = readResource(toleranceFor(request).resource(body, type), type);
    const resource = keep(served, rules.accept(given));
    rules.check(resource);

    const stored = await served.store.create(tenant, resource, settings);
    // Nothing can be derived yet: nobody is in a group who has just been created.
    return replyWith(201, served, stored, request, { before: undefined, derivations: undefined });
  },
});
