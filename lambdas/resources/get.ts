import { type Action, notModified } from "../http/action.ts";
import { notFound } from "../scim/errors.ts";
import { isNotModified } from "../scim/etag.ts";
import type { Served } from "./served.ts";
import { identify, replyWith } from "./show.ts";

/** GET of one resource (RFC 7644, section 3.4.1): a user whether active or not. */
export const getResource = (served: Served): Action => ({
  scope: `${served.family}:read`,
  run: async (request) => {
    const { client, id, preconditions, baseUrl } = request;
    const stored = await served.store.get(client.tenant, id);
    if (!stored) throw notFound(served.type.name, id);
    if (isNotModified(preconditions, stored.version))
      return notModified(identify(stored, served, baseUrl));
    return replyWith(200, served, stored, request);
  },
});
