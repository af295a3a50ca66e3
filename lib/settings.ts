import { RetentionDays } from "aws-cdk-lib/aws-logs";
import * as z from "zod";
import { DeploymentError } from "./deployment-error.ts";

/** The folder of the repository that holds a deployment's own schemas. */
export const defaultSchemas = "schemas";

const retentionDays = Object.values(RetentionDays).filter((days) => typeof days === "number");

/** From the command line (`-c name=value`) every value comes as text, from cdk.json as what it is. */
const flag = z.union([z.boolean(), z.stringbool()]);

const settingsShape = z.object({
  /** The stack's name, and so the beginning of its secrets' names; several deployments in one account need several. */
  stackName: z
    .string()
    .regex(/^[A-Za-z][A-Za-z0-9-]{0,60}$/, "starts with a letter; then letters, digits and hyphens")
    .default("Rollcall"),
  /** Where SCIM is served below the stage; what a customer pastes ends in it. */
  basePath: z
    .string()
    .regex(/^(\/[A-Za-z0-9._-]+)+$/, "starts with a slash and ends without, such as /scim/v2")
    .default("/scim/v2"),
  /** Whether the table outlives the stack and is protected from deletion. */
  retain: flag.default(true),
  /** For how many days functions' logs are kept. */
  logRetentionDays: z.coerce
    .number()
    .refine((days) => retentionDays.includes(days), `one of ${retentionDays.join(", ")}`)
    .default(RetentionDays.ONE_MONTH),
  /** How long a function relies on what it read of a tenant: a revoked token lives on for no longer. */
  credentialCacheSeconds: z.coerce.number().int().min(5).max(60).default(60),
  /** How many units background work writes in a second into one partition key, which takes 1,000. */
  backgroundWriteUnits: z.coerce.number().int().min(50).max(5000).default(500),
  /** The folder of the deployment's own schemas and resource types, relative to the repository. */
  schemas: z.string().min(1).default(defaultSchemas),
});

/** What a deployer may choose, by `-c name=value` or in cdk.json's context. */
export type Settings = z.infer<typeof settingsShape>;

/** The deployment's settings; `context` looks a value up by name. @throws naming each setting that is wrong. */
export function readSettings(context: (name: string) => unknown): Settings {
  const given = Object.keys(settingsShape.shape).map((name) => [name, context(name) ?? undefined]);
  const parsed = settingsShape.safeParse(Object.fromEntries(given));
  if (parsed.success) return parsed.data;

  const faults = parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
  throw new DeploymentError(`Settings in the CDK context are wrong. ${faults.join("; ")}`);
}
