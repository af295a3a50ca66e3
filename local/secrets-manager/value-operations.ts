import { invalidParameter, invalidRequest, resourceNotFound } from "./errors.ts";
import type { Input } from "./inputs.ts";
import {
  type Context,
  findSecret,
  livingSecret,
  newVersionOf,
  paged,
  type Result,
  seconds,
  withSecret,
} from "./operations.ts";
import type { Secret, Secrets, SecretVersion } from "./state.ts";
import { attach, current, detach, holderOf, withVersion } from "./versions.ts";

export function getSecretValue(secrets: Secrets, input: Input<"GetSecretValue">): Result {
  const secret = livingSecret(secrets, input);
  const version = versionAskedFor(secret, input);
  const output = {
    ARN: secret.arn,
    Name: secret.name,
    VersionId: version.id,
    SecretString: version.secretString,
    SecretBinary: version.secretBinary,
    VersionStages: version.stages,
    CreatedDate: seconds(version.createdAt),
  };
  return { secrets, output };
}

function versionAskedFor(secret: Secret, input: Input<"GetSecretValue">): SecretVersion {
  const { VersionId, VersionStage } = input;
  if (VersionId === undefined) {
    const stage = VersionStage ?? current;
    const version = holderOf(secret.versions, stage);
    if (!version) throw resourceNotFound(` value for staging label: ${stage}`);
    return version;
  }
  const version = secret.versions.find(({ id }) => id === VersionId);
  if (!version) throw resourceNotFound(` value for VersionId: ${VersionId}`);
  if (VersionStage !== undefined && !version.stages.includes(VersionStage))
    throw invalidRequest(
      "You provided a VersionStage that is not associated to the provided VersionId.",
    );
  return version;
}

export function putSecretValue(
  secrets: Secrets,
  input: Input<"PutSecretValue">,
  at: Context,
): Result {
  const secret = livingSecret(secrets, input);
  const version = newVersionOf(input, input.VersionStages ?? [current], at);
  if (!version) throw invalidParameter("You must provide either SecretString or SecretBinary.");

  const after = withVersion(secret, version, at.now, at.versionsKeptMs);
  const VersionStages = after.versions.find(({ id }) => id === version.id)?.stages;
  const output = { ARN: secret.arn, Name: secret.name, VersionId: version.id, VersionStages };
  return { secrets: after === secret ? secrets : withSecret(secrets, after), output };
}

export function updateSecretVersionStage(
  secrets: Secrets,
  input: Input<"UpdateSecretVersionStage">,
  at: Context,
): Result {
  const secret = livingSecret(secrets, input);
  checkMove(secret, input);

  const { VersionStage: label, MoveToVersionId: to } = input;
  const versions =
    to === undefined ? detach(secret.versions, label) : attach(secret.versions, label, to);
  return {
    secrets: withSecret(secrets, { ...secret, versions, changedAt: at.now }),
    output: { ARN: secret.arn, Name: secret.name },
  };
}

/** A label that is attached moves only for someone who knows where it is now. */
function checkMove(secret: Secret, input: Input<"UpdateSecretVersionStage">): void {
  const { VersionStage: label, MoveToVersionId: to, RemoveFromVersionId: from } = input;
  for (const named of [to, from])
    if (named !== undefined && !secret.versions.some(({ id }) => id === named))
      throw resourceNotFound(` value for VersionId: ${named}`);
  if (to === undefined && from === undefined)
    throw invalidParameter("You must specify MoveToVersionId, RemoveFromVersionId, or both.");

  const holder = holderOf(secret.versions, label);
  if (to === undefined && label === current)
    throw invalidParameter(
      `You can only move staging label ${current} to a different secret version. It can't be completely removed.`,
    );
  if (holder && from === undefined && holder.id !== to)
    throw invalidParameter(
      `The parameter RemoveFromVersionId can't be empty. Staging label ${label} is currently attached to version ${holder.id}, so you must explicitly reference that version in RemoveFromVersionId.`,
    );
  if (from !== undefined && holder?.id !== from)
    throw invalidParameter(
      `When you move staging label ${label}, if you specify RemoveFromVersionId, it must be set to the version that currently has the staging label ${label}.`,
    );
}

export function listSecretVersionIds(
  secrets: Secrets,
  input: Input<"ListSecretVersionIds">,
): Result {
  const secret = findSecret(secrets, input.SecretId);
  const shown = secret.versions.filter(
    ({ stages }) => input.IncludeDeprecated === true || stages.length > 0,
  );
  const { items, NextToken } = paged(shown, input);
  const Versions = items.map(({ id, stages, createdAt }) => ({
    VersionId: id,
    VersionStages: stages,
    CreatedDate: seconds(createdAt),
  }));
  return { secrets, output: { ARN: secret.arn, Name: secret.name, Versions, NextToken } };
}
