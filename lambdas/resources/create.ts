import type { Action } from "../http/action.ts";
import { created } from "./decide.ts";
import type { Served } from "./served.ts";
import { replyWith } from "./show.ts";

/** POST on a type's endpoint (RFC 7644, section 3.3). */
export const createResource = (served: Served): Action => ({
  scope: `${served.family}:write`,
  run: async (request) => {
    const { principal, body } = request;
    const given = created(served, request, body);
    const stored = await served.store.create(principal.tenant, given, principal.settings);
    // Nothing can be derived yet: nobody is in a group who has just been created.
    return replyWith(201, served, stored, request, { before: undefined, derivations: undefined });
  },
});
