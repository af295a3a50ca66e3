import * as z from "zod/mini";
import { settingShapes } from "../../auth/tenant-settings.ts";
import { limit, tenant } from "./common.ts";

const reasonRule = "reason must be 1 to 200 characters, without control characters";

const { patchAnswers } = settingShapes;
const { users, groups, resources } = patchAnswers.def.innerType.shape;

/** Null takes a choice back. */
const settings = z.strictObject({
  uniqueGroupNames: z.optional(z.nullable(settingShapes.uniqueGroupNames)),
  unknownMembers: z.optional(z.nullable(settingShapes.unknownMembers)),
  strictness: z.optional(z.nullable(settingShapes.strictness)),
  tombstoneDays: z.optional(z.nullable(settingShapes.tombstoneDays)),
  patchAnswers: z.optional(
    z.nullable(
      z.strictObject({
        users: z.optional(z.nullable(users)),
        groups: z.optional(z.nullable(groups)),
        resources: z.optional(z.nullable(resources)),
      }),
    ),
  ),
  seatLimit: z.optional(z.nullable(settingShapes.seatLimit)),
  requiredAttributes: z.optional(z.nullable(settingShapes.requiredAttributes)),
  acceptedAttributes: z.optional(z.nullable(settingShapes.acceptedAttributes)),
  otherAttributes: z.optional(z.nullable(settingShapes.otherAttributes)),
} satisfies Record<keyof typeof settingShapes, unknown>);

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
    /** Whether tenants are listed of which only the name is left. */
    erased: z.optional(z.boolean()),
  }),
  z.strictObject({ action: z.literal("tenant.show"), tenant }),
  z.strictObject({ action: z.literal("tenant.set"), tenant, settings }),
  z.strictObject({
    action: z.literal("tenant.suspend"),
    tenant,
    /** Shown to whoever sends requests. */
    reason: z.optional(z.string().check(z.regex(/^[^\p{Cc}\p{Cs}]{1,200}$/u, reasonRule))),
  }),
  z.strictObject({ action: z.literal("tenant.resume"), tenant }),
  z.strictObject({
    action: z.literal("tenant.delete"),
    tenant,
    /** For how many days the tenant can be restored. */
    keepDays: z.optional(z.int().check(z.minimum(0), z.maximum(30))),
  }),
  z.strictObject({ action: z.literal("tenant.restore"), tenant }),
] as const;
