import * as z from "zod/mini";
import { scopes } from "../../auth/scopes.ts";
import { tenant } from "./common.ts";

const timeRule = "expiresAt must be a time such as 2027-06-30T00:00:00Z";
const sha256Rule = "sha256 must be 64 characters of 0-9 and a-f";
const nameRule = "name must be 1 to 64 characters, without control characters";

const tokenId = z.string().check(z.minLength(1), z.maxLength(64));
const name = z.string().check(z.regex(/^[^\p{Cc}\p{Cs}]{1,64}$/u, nameRule));

/** Whether to end a token at once although it is in use. */
const confirm = z.optional(z.boolean());

const lifetime = {
  expiresAt: z.optional(z.iso.datetime({ offset: true, error: timeRule })),
  expiresInDays: z.optional(z.int().check(z.minimum(1), z.maximum(3650))),
};
const described = {
  name: z.optional(name),
  scopes: z.optional(z.array(z.enum(scopes)).check(z.minLength(1), z.maxLength(scopes.length))),
};

export const tokenMessages = [
  z.strictObject({ action: z.literal("token.issue"), tenant, ...described, ...lifetime }),
  z.strictObject({ action: z.literal("token.list"), tenant }),
  z.strictObject({
    action: z.literal("token.rotate"),
    tenant,
    tokenId,
    /** How long the old token goes on working; 0 ends it at once. */
    overlapHours: z.number().check(z.minimum(0), z.maximum(24 * 90)),
    confirm,
    ...described,
    ...lifetime,
  }),
  z.strictObject({ action: z.literal("token.revoke"), tenant, tokenId, confirm }),
  z.strictObject({
    action: z.literal("token.whois"),
    token: z.optional(z.string().check(z.maxLength(1000))),
    tenant: z.optional(tenant),
    tokenId: z.optional(tokenId),
    sha256: z.optional(z.string().check(z.regex(/^[0-9a-f]{64}$/, sha256Rule))),
  }),
] as const;
