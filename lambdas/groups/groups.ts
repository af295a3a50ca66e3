import { type Tolerance, toleranceOf } from "../entra/tolerance.ts";
import type { ScimRequest } from "../http/action.ts";
import type { ResourceType } from "../scim/schema.ts";
import type { GroupStore } from "../store/store.ts";

/** Groups as their endpoint serves them. */
export interface ServedGroups {
  readonly type: ResourceType;
  readonly store: GroupStore;
}

/** How the client's tenant wants what the RFCs do not allow to be taken. */
export const toleranceFor = ({ client }: Pick<ScimRequest, "client">): Tolerance =>
  toleranceOf(client.settings.strictness);
