import * as z from "zod/mini";
import { settingShapes } from "../auth/tenant-settings.ts";
import { tenantMessages } from "./messages/tenants.ts";
import { tokenMessages } from "./messages/tokens.ts";
import { userMessages } from "./messages/users.ts";
import { AdminRefusal } from "./refusal.ts";

const messages = [...tenantMessages, ...tokenMessages, ...userMessages] as const;
const message = z.discriminatedUnion("action", messages);
const actionNames = messages.map(({ shape }) => shape.action.def.values[0]);

export type AdminMessage = z.infer<typeof message>;
export type ActionName = AdminMessage["action"];
export type Message<A extends ActionName> = Extract<AdminMessage, { action: A }>;

/** Reads what the function was invoked with. @throws AdminRefusal that names what is at fault. */
export function readMessage(event: unknown): AdminMessage {
  const parsed = message.safeParse(event);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.slice(0, mostFaults).map((issue) => faultOf(issue, event));
  throw new AdminRefusal("invalidMessage", cut(`${[...new Set(faults)].join("; ")}.`));
}

/** An answer of the function takes 6 MB, as a message does: what is wrong with one may take more. */
const mostFaults = 100;
const mostCharacters = 5000;

const cut = (text: string) =>
  text.length > mostCharacters ? `${text.slice(0, mostCharacters)}… and more.` : text;

function faultOf(issue: z.core.$ZodIssue, event: unknown): string {
  const at = issue.path.join(".") || "The message";
  switch (issue.code) {
    case "invalid_type":
      return isGiven(event, issue.path)
        ? `${at} must be ${issue.expected === "int" ? "a whole number" : `of type ${issue.expected}`}`
        : `${at} is missing`;
    case "invalid_union":
      return `action must be one of ${actionNames.join(", ")}`;
    case "unrecognized_keys":
      return `${at} has ${issue.keys.map((key) => `"${key}"`).join(", ")}, which it cannot have${choicesAt(at)}`;
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

const choicesAt = (at: string) =>
  at === "settings" ? `: there are ${Object.keys(settingShapes).join(", ")}` : "";

const unitOf = (origin: string) =>
  origin === "string" ? " characters long" : origin === "array" ? " long" : "";

const isGiven = (event: unknown, path: readonly PropertyKey[]): boolean =>
  path.reduce<unknown>(
    (inner, key) =>
      typeof inner === "object" && inner !== null ? Reflect.get(inner, key) : undefined,
    event,
  ) !== undefined;
