import type { ResourceType } from "../scim/schema.ts";
import type { GroupStore } from "../store/store.ts";

/** Groups as their endpoint serves them. */
export interface ServedGroups {
  readonly type: ResourceType;
  readonly store: GroupStore;
  readonly family: "groups";
}
