import { type Action, notModified, resourceReply } from "../http/action.ts";
import { identify } from "../resources/show.ts";
import { notFound } from "../scim/errors.ts";
import { checkIfMatch, isNotModified } from "../scim/etag.ts";
import type { GroupWithMembers } from "../store/store.ts";
import type { ServedGroups } from "./groups.ts";
import { type GroupView, presentGroup, showsMembers, viewOf } from "./present.ts";

/** GET /Groups/{id} (RFC 7644, section 3.4.1). */
export const getGroup = (served: ServedGroups): Action => ({
  scope: "groups:read",
  run: async (request) => {
    const view = viewOf(served, request);
    const whole = await read(served, request.id, view);
    if (!whole) throw notFound("Group", request.id);

    const identified = identify(whole.group, view, view.baseUrl);
    checkIfMatch({ ifMatch: request.preconditions.ifMatch }, identified.version);
    // A member that was deleted has gone without a new version of the group.
    const isKnown = !whole.lacksDeleted && isNotModified(request.preconditions, identified.version);
    if (isKnown) return notModified(identified);
    return resourceReply(200, await presentGroup(served.store, whole, view), identified);
  },
});

/** The group as far as the view shows it. */
async function read(
  { store }: ServedGroups,
  id: string,
  view: GroupView,
): Promise<GroupWithMembers | undefined> {
  if (showsMembers(view)) return store.getWithMembers(view.tenant, id);
  const group = await store.get(view.tenant, id);
  return group && { group, members: [], lacksDeleted: false };
}
