import * as z from "zod/mini";
import { invalidParameter, serialization, validation } from "./errors.ts";

const text = (least: number, most: number) =>
  z.string().check(z.minLength(least), z.maxLength(most));
const secretId = text(1, 2048);
const versionId = text(32, 64);
const stage = text(1, 256);
const value = {
  ClientRequestToken: z.optional(versionId),
  SecretString: z.optional(z.string().check(z.minLength(1))),
  SecretBinary: z.optional(z.base64()),
};
const page = {
  MaxResults: z.optional(z.int().check(z.minimum(1), z.maximum(100))),
  NextToken: z.optional(z.string()),
};

/** What each operation takes, as the service's API reference has it; members that it does not name are ignored. */
export const inputs = {
  CreateSecret: z.object({
    Name: z.string().check(z.maxLength(512), z.regex(/^[A-Za-z0-9/_+=.@!-]+$/)),
    Description: z.optional(text(0, 2048)),
    KmsKeyId: z.optional(text(0, 2048)),
    Tags: z.optional(z.array(z.object({ Key: text(1, 128), Value: text(0, 256) }))),
    ...value,
  }),
  GetSecretValue: z.object({
    SecretId: secretId,
    VersionId: z.optional(versionId),
    VersionStage: z.optional(stage),
  }),
  PutSecretValue: z.object({
    SecretId: secretId,
    VersionStages: z.optional(z.array(stage).check(z.minLength(1), z.maxLength(20))),
    ...value,
  }),
  UpdateSecretVersionStage: z.object({
    SecretId: secretId,
    VersionStage: stage,
    MoveToVersionId: z.optional(versionId),
    RemoveFromVersionId: z.optional(versionId),
  }),
  DescribeSecret: z.object({ SecretId: secretId }),
  ListSecretVersionIds: z.object({
    SecretId: secretId,
    IncludeDeprecated: z.optional(z.boolean()),
    ...page,
  }),
  DeleteSecret: z.object({
    SecretId: secretId,
    RecoveryWindowInDays: z.optional(z.int().check(z.minimum(7), z.maximum(30))),
    ForceDeleteWithoutRecovery: z.optional(z.boolean()),
  }),
  RestoreSecret: z.object({ SecretId: secretId }),
  ListSecrets: z.object({ IncludePlannedDeletion: z.optional(z.boolean()), ...page }),
};

export type Operation = keyof typeof inputs;
export type Input<N extends Operation> = z.infer<(typeof inputs)[N]>;

/** The members whose violations the service reports as a parameter at fault. */
const parameters = new Set(["RecoveryWindowInDays", "ClientRequestToken", "NextToken"]);

/** Checks an operation's input: a member of the wrong type is told from one whose value is not allowed. */
export function readInput<S extends z.ZodMiniType>(shape: S, input: unknown): z.infer<S> {
  const parsed = shape.safeParse(input ?? {});
  if (parsed.success) return parsed.data;

  const issue = parsed.error.issues[0];
  const at = issue?.path.join(".") ?? "";
  if (issue?.code === "invalid_type" && memberAt(input, issue.path) !== undefined)
    throw serialization(`${at} is not of type ${issue.expected}.`);
  if (parameters.has(at)) throw invalidParameter(`${at} is not valid.`);
  if (at === "Name")
    throw validation(
      "Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!",
    );
  throw validation(`1 validation error detected: ${at} is missing or not valid.`);
}

const memberAt = (input: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (inner, key) =>
      typeof inner === "object" && inner !== null ? Reflect.get(inner, key) : undefined,
    input,
  );
