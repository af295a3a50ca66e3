import { invalidParameter, invalidRequest, resourceExists } from "./errors.ts";
import type { Input } from "./inputs.ts";
import {
  type Context,
  findSecret,
  livingSecret,
  newVersionOf,
  paged,
  type Result,
  seconds,
  secretById,
  withSecret,
} from "./operations.ts";
import type { Secret, Secrets } from "./state.ts";
import { current, withVersion } from "./versions.ts";

const dayMs = 24 * 60 * 60 * 1000;

export function createSecret(secrets: Secrets, input: Input<"CreateSecret">, at: Context): Result {
  const there = secrets.find(({ name }) => name === input.Name);
  if (there) return { secrets, output: createdAgain(there, input) };

  const secret: Secret = {
    name: input.Name,
    arn: `arn:aws:secretsmanager:${at.region}:${at.account}:secret:${input.Name}-${at.suffix()}`,
    createdAt: at.now,
    changedAt: at.now,
    description: input.Description,
    kmsKeyId: input.KmsKeyId,
    tags: input.Tags,
    versions: [],
  };
  const version = newVersionOf(input, [current], at);
  const created = version ? withVersion(secret, version, at.now, at.versionsKeptMs) : secret;
  const output = { ARN: secret.arn, Name: secret.name, VersionId: version?.id };
  return { secrets: withSecret(secrets, created), output };
}

/** A request that is sent again, with the token and value of the first, gets the first one's answer. */
function createdAgain(secret: Secret, input: Input<"CreateSecret">) {
  if (secret.deletedAt !== undefined)
    throw invalidRequest(
      "You can't create this secret because a secret with this name is already scheduled for deletion.",
    );
  const version = secret.versions.find(({ id }) => id === input.ClientRequestToken);
  const isSame =
    version?.secretString === input.SecretString && version?.secretBinary === input.SecretBinary;
  if (!version || !isSame)
    throw resourceExists(`The operation failed because the secret ${secret.name} already exists.`);
  return { ARN: secret.arn, Name: secret.name, VersionId: version.id };
}

export function describeSecret(secrets: Secrets, input: Input<"DescribeSecret">): Result {
  const secret = findSecret(secrets, input.SecretId);
  const labelled = secret.versions.filter(({ stages }) => stages.length > 0);
  const output = {
    ...summary(secret),
    VersionIdsToStages: Object.fromEntries(labelled.map(({ id, stages }) => [id, stages])),
  };
  return { secrets, output };
}

export function deleteSecret(secrets: Secrets, input: Input<"DeleteSecret">, at: Context): Result {
  const isForced = input.ForceDeleteWithoutRecovery === true;
  if (isForced && input.RecoveryWindowInDays !== undefined)
    throw invalidParameter(
      "You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.",
    );
  const found = secretById(secrets, input.SecretId);
  if (isForced && !found) return { secrets, output: deletedAlready(input.SecretId, at) };
  const secret = isForced ? findSecret(secrets, input.SecretId) : livingSecret(secrets, input);

  const goneAt = isForced ? at.now : at.now + (input.RecoveryWindowInDays ?? 30) * dayMs;
  const output = { ARN: secret.arn, Name: secret.name, DeletionDate: seconds(goneAt) };
  if (isForced) return { secrets: secrets.filter((other) => other !== secret), output };
  return { secrets: withSecret(secrets, { ...secret, deletedAt: at.now, goneAt }), output };
}

/** To force the deletion of what is not there is no fault. */
const deletedAlready = (secretId: string, at: Context) => ({
  ARN: secretId.startsWith("arn:")
    ? secretId
    : `arn:aws:secretsmanager:${at.region}:${at.account}:secret:${secretId}-${at.suffix()}`,
  Name: secretId,
  DeletionDate: seconds(at.now),
});

export function restoreSecret(secrets: Secrets, input: Input<"RestoreSecret">): Result {
  const { deletedAt: _, goneAt: __, ...secret } = findSecret(secrets, input.SecretId);
  return {
    secrets: withSecret(secrets, secret),
    output: { ARN: secret.arn, Name: secret.name },
  };
}

export function listSecrets(secrets: Secrets, input: Input<"ListSecrets">): Result {
  const shown = secrets.filter(
    ({ deletedAt }) => input.IncludePlannedDeletion === true || deletedAt === undefined,
  );
  const { items, NextToken } = paged(shown, input);
  const SecretList = items.map((secret) => ({
    ...summary(secret),
    SecretVersionsToStages: Object.fromEntries(
      secret.versions
        .filter(({ stages }) => stages.length > 0)
        .map(({ id, stages }) => [id, stages]),
    ),
  }));
  return { secrets, output: { SecretList, NextToken } };
}

const summary = (secret: Secret) => ({
  ARN: secret.arn,
  Name: secret.name,
  Description: secret.description,
  KmsKeyId: secret.kmsKeyId,
  Tags: secret.tags,
  CreatedDate: seconds(secret.createdAt),
  LastChangedDate: seconds(secret.changedAt),
  DeletedDate: secret.deletedAt === undefined ? undefined : seconds(secret.deletedAt),
});
