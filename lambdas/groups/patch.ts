import { type Action, noContent } from "../http/action.ts";
import { toleranceFor } from "../resources/served.ts";
import { isShownAfterPatch } from "../resources/show.ts";
import { noTarget, notFound } from "../scim/errors.ts";
import { checkIfMatch } from "../scim/etag.ts";
import { quoted } from "../scim/json.ts";
import { applyPatch } from "../scim/patch/apply.ts";
import { memberTargets, splitMembership } from "../scim/patch/membership.ts";
import type { GroupStore } from "../store/store.ts";
import type { ServedGroups } from "./groups.ts";
import { replyToPatch } from "./present.ts";

/** PATCH /Groups/{id} (RFC 7644, section 3.5.2): 204 unless the group is asked for, since it may have more members than an answer holds. */
export const patchGroup = (served: ServedGroups): Action => ({
  scope: "groups:write",
  run: async (request) => {
    const { principal, id, body, preconditions } = request;
    const { tenant, settings } = principal;
    const { type, store } = served;
    const operations = toleranceFor(request).operations(body, type);
    const { attributes, membership } = splitMembership(operations, type);

    const targets = memberTargets(operations, type);
    if (targets.length > 0) await checkMembers(store, tenant, id, targets);

    // What adds and removes members does not need the group, however many it has.
    const isOfMembers = attributes.length === 0 && membership?.kind === "update";
    const needsGroup =
      isShownAfterPatch(served, request) || Object.values(preconditions).some(isGiven);
    if (isOfMembers && !needsGroup) {
      if (await store.changeMembers(tenant, id, membership, settings)) return noContent;
      throw notFound("Group", id);
    }

    const before = await store.get(tenant, id);
    if (!before) throw notFound("Group", id);
    checkIfMatch(preconditions, before.version);
    const after = applyPatch(before.resource, attributes, type);
    const stored = await store.replace(tenant, before, after, membership, settings);
    return replyToPatch(served, stored, request, before);
  },
});

/** @throws noTarget if one of `ids` is no member; only a strict tenant's requests are read for this. */
async function checkMembers(
  store: GroupStore,
  tenant: string,
  id: string,
  ids: readonly string[],
): Promise<void> {
  const whole = await store.getWithMembers(tenant, id);
  if (!whole) throw notFound("Group", id);
  const members = new Set(whole.members.map((member) => member.id));
  const missing = ids.find((one) => !members.has(one));
  if (missing !== undefined) throw noTarget(`${quoted(missing)} is no member of the group.`);
}

const isGiven = (precondition: string | undefined) => precondition !== undefined;
