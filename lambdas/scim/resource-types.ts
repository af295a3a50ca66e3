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
