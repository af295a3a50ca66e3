import type { Action } from "../http/action.ts";
import { toleranceFor } from "../resources/served.ts";
import { notFound } from "../scim/errors.ts";
import { checkIfMatch } from "../scim/etag.ts";
import { readMembers } from "../scim/patch/membership.ts";
import { replaceResource } from "../scim/replace.ts";
import { readResource } from "../scim/validate.ts";
import type { ServedGroups } from "./groups.ts";
import { replyWithGroup, viewAfterWriting, viewOf } from "./present.ts";

/** PUT /Groups/{id} (RFC 7644, section 3.5.1): a group without `members` is left with none. */
export const replaceGroup = (served: ServedGroups): Action => ({
  scope: "groups:write",
  run: async (request) => {
    const { principal, id, body, preconditions } = request;
    const { tenant, settings } = principal;
    const { type, store } = served;
    const clean = toleranceFor(request).resource(body, type);
    const { resource: own, members = [] } = readMembers(clean);
    const resource = readResource(own, type);

    const before = await store.get(tenant, id);
    if (!before) throw notFound("Group", id);
    checkIfMatch(preconditions, before.version);
    const after = replaceResource(before.resource, resource, type);
    const membership = { kind: "replace", members } as const;
    const stored = await store.replace(tenant, before, after, membership, settings);
    const view = viewAfterWriting(viewOf(served, request), undefined, stored);
    return replyWithGroup(served, stored, view);
  },
});
