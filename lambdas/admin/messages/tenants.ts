import * as z from "zod/mini";
import { settingShapes } from "../../auth/tenant-settings.ts";
import { limit, tenant } from "./common.ts";

export const tenantMessages = [
  z.strictObject({
    action: z.literal("tenant.create"),
    tenant,
    settings: z.optional(z.strictObject(settingShapes)),
  }),
  z.strictObject({
    action: z.literal("tenant.list"),
    limit,
    /** Where the page before ended: its `next`. */
    after: z.optional(tenant),
  }),
  z.strictObject({
    action: z.literal("tenant.stats"),
    tenant,
    /** Whether to read everything for what is not counted anyway. */
    count: z.optional(z.boolean()),
  }),
] as const;
