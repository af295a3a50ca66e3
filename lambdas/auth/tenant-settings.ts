import * as z from "zod/mini";

/** What varies from tenant to tenant; every setting has a default. */
export interface TenantSettings {
  /** Whether two groups of the tenant may not share a displayName. */
  readonly uniqueGroupNames: boolean;
  /** What happens to a member id that is neither a user nor a group of the tenant. */
  readonly unknownMembers: "refuse" | "ignore";
  /** Whether what Entra sends against the RFCs is understood (`entra`) or refused as they say (`rfc`). */
  readonly strictness: "entra" | "rfc";
  /** For how many days a deleted user can be restored. */
  readonly tombstoneDays: number;
  /** What answers a PATCH that does not ask for attributes: the resource, or 204. */
  readonly patchAnswers: Readonly<Record<"users" | "groups" | "resources", PatchAnswer>>;
  /** How many users may be active at once; undefined for as many as come. */
  readonly seatLimit?: number | undefined;
  /** Attribute paths that every user must have a value for, beside those that the schema requires. */
  readonly requiredAttributes: readonly string[];
  /** Attribute paths of users that are kept; undefined for all. What every user has is among them always. */
  readonly acceptedAttributes?: readonly string[] | undefined;
  /** What happens to an attribute that is not among those accepted. */
  readonly otherAttributes: "ignore" | "refuse";
}

/** RFC 7644, section 3.5.2 leaves the choice. */
export type PatchAnswer = "resource" | "noContent";

const patchAnswer = z.enum(["resource", "noContent"]);
const attributePaths = z
  .array(z.string().check(z.minLength(1), z.maxLength(300)))
  .check(z.maxLength(100));

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
  seatLimit: z.optional(z.int().check(z.minimum(0), z.maximum(10_000_000))),
  requiredAttributes: z.optional(attributePaths),
  acceptedAttributes: z.optional(attributePaths),
  otherAttributes: z.optional(z.enum(["ignore", "refuse"])),
};

/** What is stored may come from a later release. */
const shape = z.object({
  ...settingShapes,
  patchAnswers: z.optional(z.object(settingShapes.patchAnswers.def.innerType.shape)),
});

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
    requiredAttributes: given.requiredAttributes ?? [],
    otherAttributes: given.otherAttributes ?? "ignore",
    ...(given.seatLimit !== undefined && { seatLimit: given.seatLimit }),
    ...(given.acceptedAttributes && { acceptedAttributes: given.acceptedAttributes }),
  };
}
