import * as z from "zod/mini";
import { scopes } from "../auth/scopes.ts";
import { isTenantId, settingShapes } from "../auth/tenant.ts";
import { AdminRefusal } from "./refusal.ts";

const tenantRule =
  "tenant must be 1 to 63 characters of a-z, 0-9 and -, and neither begin nor end with -";
const timeRule = "expiresAt must be a time such as 2027-06-30T00:00:00Z";
const nameRule = "name must be 1 to 64 characters, without control characters";

const idRule = "id must be the id of a user, as user.listDeleted shows it";

const tenant = z.string().check(z.refine(isTenantId, tenantRule));
const userId = z.string().check(z.regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, idRule));
const tokenId = z.string().check(z.minLength(1), z.maxLength(64));
const name = z.string().check(z.regex(/^[^\p{Cc}\p{Cs}]{1,64}$/u, nameRule));

const lifetime = {
  expiresAt: z.optional(z.iso.datetime({ offset: true, error: timeRule })),
  expiresInDays: z.optional(z.int().check(z.minimum(1), z.maximum(3650))),
};
const described = {
  name: z.optional(name),
  scopes: z.optional(z.array(z.enum(scopes)).check(z.minLength(1))),
};

const messages = {
  "tenant.create": z.strictObject({
    action: z.literal("tenant.create"),
    tenant,
    settings: z.optional(z.strictObject(settingShapes)),
  }),
  "tenant.list": z.strictObject({
    action: z.literal("tenant.list"),
    limit: z.optional(z.int().check(z.minimum(1), z.maximum(500))),
    /** Where the page before ended: its `next`. */
    after: z.optional(tenant),
  }),
  "token.issue": z.strictObject({
    action: z.literal("token.issue"),
    tenant,
    ...described,
    ...lifetime,
  }),
  "token.list": z.strictObject({ action: z.literal("token.list"), tenant }),
  "token.rotate": z.strictObject({
    action: z.literal("token.rotate"),
    tenant,
    tokenId,
    /** How long the old token goes on working; 0 ends it at once. */
    overlapHours: z.number().check(z.minimum(0), z.maximum(24 * 90)),
    ...described,
    ...lifetime,
  }),
  "token.revoke": z.strictObject({ action: z.literal("token.revoke"), tenant, tokenId }),
  "user.listDeleted": z.strictObject({
    action: z.literal("user.listDeleted"),
    tenant,
    limit: z.optional(z.int().check(z.minimum(1), z.maximum(500))),
    /** Where the page before ended: its `next`. */
    after: z.optional(userId),
  }),
  "user.restore": z.strictObject({ action: z.literal("user.restore"), tenant, id: userId }),
};

const message = z.discriminatedUnion("action", [
  messages["tenant.create"],
  messages["tenant.list"],
  messages["token.issue"],
  messages["token.list"],
  messages["token.rotate"],
  messages["token.revoke"],
  messages["user.listDeleted"],
  messages["user.restore"],
]);

export type ActionName = keyof typeof messages;
export type AdminMessage = z.infer<typeof message>;
export type Message<A extends ActionName> = Extract<AdminMessage, { action: A }>;

/** Reads what the function was invoked with. @throws AdminRefusal that names everything at fault. */
export function readMessage(event: unknown): AdminMessage {
  const parsed = message.safeParse(event);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map((issue) => faultOf(issue, event));
  throw new AdminRefusal("invalidMessage", `${[...new Set(faults)].join("; ")}.`);
}

function faultOf(issue: z.core.$ZodIssue, event: unknown): string {
  const at = issue.path.join(".") || "The message";
  switch (issue.code) {
    case "invalid_type":
      return isGiven(event, issue.path)
        ? `${at} must be ${issue.expected === "int" ? "a whole number" : `of type ${issue.expected}`}`
        : `${at} is missing`;
    case "invalid_union":
      return `action must be one of ${Object.keys(messages).join(", ")}`;
    case "unrecognized_keys":
      return `${at} has ${issue.keys.map((key) => `"${key}"`).join(", ")}, which it cannot have`;
    case "invalid_value":
      return `${at} must be one of ${issue.values.map(String).join(", ")}`;
    case "too_small":
      return `${at} must be at least ${issue.minimum}${unitOf(issue.origin)}`;
    case "too_big":
      return `${at} must be at most ${issue.maximum}${unitOf(issue.origin)}`;
    default:
      return issue.message === "Invalid input" ? `${at} is not valid` : issue.message;
  }
}

const unitOf = (origin: string) =>
  origin === "string" ? " characters long" : origin === "array" ? " long" : "";

const isGiven = (event: unknown, path: readonly PropertyKey[]): boolean =>
  path.reduce<unknown>(
    (inner, key) =>
      typeof inner === "object" && inner !== null ? Reflect.get(inner, key) : undefined,
    event,
  ) !== undefined;
