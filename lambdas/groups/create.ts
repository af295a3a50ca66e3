import { type Action, resourceReply } from "../http/action.ts";
import { toleranceFor } from "../resources/served.ts";
import { identify } from "../resources/show.ts";
import { readMembers } from "../scim/patch/membership.ts";
import { readResource } from "../scim/validate.ts";
import type { ServedGroups } from "./groups.ts";
import { presentGroup, viewAfterWriting, viewOf } from "./present.ts";

/** POST /Groups (RFC 7644, section 3.3). */
export const createGroup = (served: ServedGroups): Action => ({
  scope: "groups:write",
  run: async (request) => {
    const { principal, body } = request;
    const { type, store } = served;
    const clean = toleranceFor(request).resource(body, type);
    const { resource: own, members = [] } = readMembers(clean);
    const resource = readResource(own, type);

    const whole = await store.create(principal.tenant, resource, members, principal.settings);
    const view = viewAfterWriting(viewOf(served, request), undefined, whole.group);
    return resourceReply(
      201,
      await presentGroup(store, whole, view),
      identify(whole.group, view, view.baseUrl),
    );
  },
});
