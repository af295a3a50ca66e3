import type { Action } from "../http/action.ts";
import { readResource } from "../scim/validate.ts";
import { keep, type Served, toleranceFor, typeFor } from "./served.ts";
import { replyWith } from "./show.ts";

/** POST on a type's endpoint (RFC 7644, section 3.3). */
export const createResource = (served: Served): Action => ({
  scope: `${served.family}:write`,
  run: async (request) => {
    const { principal, body } = request;
    const type = typeFor(served, request, undefined, body);
    const given = readResource(toleranceFor(request).resource(body, type), type);

    const stored = await served.store.create(
      principal.tenant,
      keep(served, given),
      principal.settings,
    );
    // Nothing can be derived yet: nobody is in a group who has just been created.
    return replyWith(201, served, stored, request, { before: undefined, derivations: undefined });
  },
});
