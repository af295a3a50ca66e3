import { normalisePatch } from "../entra/normalise-patch.ts";
import { type Action, noContent } from "../http/action.ts";
import { notFound } from "../scim/errors.ts";
import { applyPatch } from "../scim/patch/apply.ts";
import { splitMembership } from "../scim/patch/membership.ts";
import { readPatchOp } from "../scim/patch/read.ts";
import { groupType } from "../scim/resource-types.ts";
import type { GroupStore } from "../store/store.ts";

/** PATCH /Groups/{id} (RFC 7644, section 3.5.2): 204, since a group may have more members than an answer holds. */
export const patchGroup = (groups: GroupStore): Action => ({
  scope: "groups:write",
  run: async ({ client, id, body }) => {
    const { tenant, settings } = client;
    const operations = readPatchOp(normalisePatch(body, groupType));
    const { attributes, membership } = splitMembership(operations, groupType);

    // What adds and removes members does not need the group, however many it has.
    if (attributes.length === 0 && membership?.kind === "update") {
      if (await groups.changeMembers(tenant, id, membership, settings)) return noContent;
      throw notFound("Group", id);
    }

    const before = await groups.get(tenant, id);
    if (!before) throw notFound("Group", id);
    const after = applyPatch(before.resource, attributes, groupType);
    await groups.replace(tenant, before, after, membership, settings);
    return noContent;
  },
});
