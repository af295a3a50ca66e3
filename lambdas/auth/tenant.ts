import * as z from "zod/mini";
import type { TenantSettings } from "./credentials.ts";

/** What is known of a tenant beside its tokens. */
export interface Tenant {
  readonly state: TenantState;
  readonly settings: TenantSettings;
}

/** A suspended tenant keeps its data and its tokens, but nobody is let in. */
export type TenantState = "active" | "suspended";

/** Where a tenant's state and settings are kept. */
export interface TenantReader {
  /** The tenant as it is now, or undefined where there is none of that name. */
  get(tenant: string): Promise<Tenant | undefined>;
}

/** Whether `text` may be a tenant's id. It becomes part of keys and tokens, so `#` and `_` must stay out. */
export const isTenantId = (text: string): boolean =>
  /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(text);

const patchAnswer = z.enum(["resource", "noContent"]);

/** The shape of each setting, where it is given. */
export const settingShapes = {
  uniqueGroupNames: z.optional(z.boolean()),
  unknownMembers: z.optional(z.enum(["refuse", "ignore"])),
  strictness: z.optional(z.enum(["entra", "rfc"])),
  tombstoneDays: z.optional(z.int().check(z.minimum(0), z.maximum(365))),
  patchAnswers: z.optional(
    z.strictObject({
      users: z.optional(patchAnswer),
      groups: z.optional(patchAnswer),
      resources: z.optional(patchAnswer),
    }),
  ),
};

const shape = z.object(settingShapes);

/** The settings in force for what is stored: defaults for those not given, and those of later releases left out. @throws where one has a value that it cannot have. */
export function readTenantSettings(stored: unknown): TenantSettings {
  const given = shape.parse(stored ?? {});
  return {
    uniqueGroupNames: given.uniqueGroupNames ?? true,
    unknownMembers: given.unknownMembers ?? "refuse",
    strictness: given.strictness ?? "entra",
    tombstoneDays: given.tombstoneDays ?? 30,
    patchAnswers: {
      users: given.patchAnswers?.users ?? "resource",
      // A group may have more members than an answer holds.
      groups: given.patchAnswers?.groups ?? "noContent",
      resources: given.patchAnswers?.resources ?? "resource",
    },
  };
}
