import { type Action, noContent } from "../http/action.ts";
import { notFound } from "../scim/errors.ts";
import { checkIfMatch } from "../scim/etag.ts";
import type { ResourceType } from "../scim/schema.ts";
import type { ResourceStore } from "../store/store.ts";
import type { Family } from "./served.ts";

/** What of a resource type a delete needs to know. */
interface Deletable {
  readonly type: ResourceType;
  readonly family: Family;
  readonly store: Pick<ResourceStore, "get" | "delete">;
}

/** DELETE of one resource (RFC 7644, section 3.6). */
export const deleteOne = (served: Deletable): Action => ({
  scope: `${served.family}:write`,
  run: async ({ principal, id, preconditions }) => {
    const before = await served.store.get(principal.tenant, id);
    if (!before) throw notFound(served.type.name, id);
    checkIfMatch(preconditions, before.version);
    await served.store.delete(principal.tenant, before, principal.settings);
    return noContent;
  },
});
