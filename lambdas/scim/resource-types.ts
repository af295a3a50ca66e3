import type { ResourceType } from "./schema.ts";
import { enterpriseUserSchema } from "./schemas/enterprise-user.ts";
import { groupSchema } from "./schemas/group.ts";
import { userSchema } from "./schemas/user.ts";

/** Users, with the enterprise extension for those that have one (RFC 7643, section 8.6). */
export const userType: ResourceType = {
  name: "User",
  endpoint: "/Users",
  description: "User Account",
  schema: userSchema,
  extensions: [{ schema: enterpriseUserSchema, required: false }],
};

/** Groups (RFC 7643, section 8.6). */
export const groupType: ResourceType = {
  name: "Group",
  endpoint: "/Groups",
  description: "Group",
  schema: groupSchema,
  extensions: [],
};

/** Every resource type of a deployment: the two that it always has, extended or not, and those that it adds. */
export interface ResourceTypes {
  readonly user: ResourceType;
  readonly group: ResourceType;
  readonly others: readonly ResourceType[];
}

/** The resource types of a deployment that adds no schemas of its own. */
export const standardTypes: ResourceTypes = { user: userType, group: groupType, others: [] };
