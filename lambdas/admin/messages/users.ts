import * as z from "zod/mini";
import { limit, tenant } from "./common.ts";

const idRule = "an id must be the id of a user, as user.listDeleted shows it";

const rowRule = "a row must have at most 300 attributes";

export const userId = z
  .string()
  .check(z.regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, idRule));

/** A message takes 6 MB, and the function ends after a minute. */
export const mostImported = 100;
export const mostMatched = 500;

export const mostCharacters = 20_000;

const text = z.string().check(z.maxLength(mostCharacters));
const attributePath = z.string().check(z.minLength(1), z.maxLength(300));
const mostPaths = 300;
const paths = z.array(attributePath).check(z.minLength(1), z.maxLength(mostPaths));
/** Looked at first: of hundreds of thousands each would be a fault of its own. */
const hasFewPaths = z
  .unknown()
  .check(z.refine((row) => Object.keys(Object(row)).length <= mostPaths, rowRule));
/** A user's attributes as text, by their paths; of a text that is too long its row is refused alone. */
const importedRow = z.pipe(hasFewPaths, z.record(attributePath, z.string()));
const matchedRow = z.strictObject({
  /** The value of the attribute that the sync matches by. */
  key: text,
  userName: z.optional(text),
  externalId: z.optional(text),
  email: z.optional(text),
});

export const userMessages = [
  z.strictObject({
    action: z.literal("user.list"),
    tenant,
    limit,
    /** Where the page before ended: its `next`. */
    after: z.optional(userId),
  }),
  /** Whether users can be imported by columns of these names, and found by `key`. */
  z.strictObject({
    action: z.literal("user.columns"),
    tenant,
    key: attributePath,
    columns: paths,
  }),
  z.strictObject({
    action: z.literal("user.import"),
    tenant,
    /** By which attribute a row's user is found. */
    key: attributePath,
    rows: z.array(importedRow).check(z.minLength(1), z.maxLength(mostImported)),
    dryRun: z.optional(z.boolean()),
  }),
  z.strictObject({
    action: z.literal("user.match"),
    tenant,
    on: z.enum(["userName", "externalId", "emails.value"]),
    rows: z.array(matchedRow).check(z.minLength(1), z.maxLength(mostMatched)),
  }),
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
