import { type Action, notModified, resourceReply } from "../http/action.ts";
import { notFound } from "../scim/errors.ts";
import { checkIfMatch, isNotModified } from "../scim/etag.ts";
import { readWanted } from "../scim/list-query.ts";
import type { Served } from "./served.ts";
import { derive, identify, present, viewOf } from "./show.ts";

/** GET of one resource (RFC 7644, section 3.4.1): a user whether active or not. */
export const getResource = (served: Served): Action => ({
  scope: `${served.family}:read`,
  run: async (request) => {
    const { principal, id, preconditions, baseUrl, query } = request;
    const wanted = readWanted(query);
    const [stored, derivations] = await Promise.all([
      served.store.get(principal.tenant, id),
      derive(served, [id], wanted, request),
    ]);
    if (!stored) throw notFound(served.type.name, id);

    const identified = identify(stored, served, baseUrl);
    checkIfMatch({ ifMatch: preconditions.ifMatch }, stored.version);
    if (isNotModified(preconditions, stored.version)) return notModified(identified);
    const view = viewOf(served, wanted, request);
    return resourceReply(200, present(view, stored, derivations), identified);
  },
});
