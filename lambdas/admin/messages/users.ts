import * as z from "zod/mini";
import { limit, tenant } from "./common.ts";

const idRule = "an id must be the id of a user, as user.listDeleted shows it";

export const userId = z
  .string()
  .check(z.regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, idRule));

export const userMessages = [
  z.strictObject({
    action: z.literal("user.listDeleted"),
    tenant,
    limit,
    /** Where the page before ended: its `next`. */
    after: z.optional(userId),
  }),
  z.strictObject({ action: z.literal("user.restore"), tenant, id: userId }),
  z.strictObject({
    action: z.literal("user.erase"),
    tenant,
    /** One of the two. */
    id: z.optional(userId),
    userName: z.optional(z.string().check(z.minLength(1), z.maxLength(1000))),
  }),
] as const;
