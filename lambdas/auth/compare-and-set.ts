import {
  GetSecretValueCommand,
  InvalidParameterException,
  InvalidRequestException,
  LimitExceededException,
  ListSecretVersionIdsCommand,
  PutSecretValueCommand,
  ResourceNotFoundException,
  type SecretsManagerClient,
  type SecretVersionsListEntry,
  UpdateSecretVersionStageCommand,
} from "@aws-sdk/client-secrets-manager";
import { readTenantSecret, type TenantSecret, TenantSecretError } from "./tenant-secret.ts";

/** What a compare-and-set takes from outside. */
export interface VersionWriter {
  readonly secrets: SecretsManagerClient;
  /** A new UUID. */
  readonly newId: () => string;
  readonly clock: () => number;
}

/** A label under which a version waits to become current; without one it would become so at once. */
const labelPrefix = "rc-";

/** A label that is older was left behind by a writer that did not live to take it off. */
const abandonedMs = 60_000;

const mostBytes = 65_536;

/**
 * One try at replacing the secret's value by what `change` makes of it; undefined where another
 * writer was faster. Whatever the outcome, the secret is whole and the try's label is taken off.
 */
export async function compareAndSet(
  writer: VersionWriter,
  secretId: string,
  change: (before: TenantSecret) => TenantSecret,
): Promise<TenantSecret | undefined> {
  const before = await currentVersion(writer, secretId);
  const after = change(before.secret);
  if (after === before.secret) return after;

  const id = writer.newId();
  try {
    await putVersion(writer, secretId, id, JSON.stringify(after));
    return (await makeCurrent(writer, secretId, id, before.id)) ? after : undefined;
  } finally {
    await takeLabelsOff(writer, secretId, id);
  }
}

/** Adds a version under a label of its own. Sent again after a lost answer, it is still one version. */
export async function putVersion(
  { secrets }: VersionWriter,
  secretId: string,
  id: string,
  value: string,
): Promise<void> {
  if (Buffer.byteLength(value) > mostBytes)
    throw new TenantSecretError("secretTooLarge", "A tenant cannot keep more tokens; revoke some.");
  const stages = [`${labelPrefix}${id}`];
  const version = { SecretString: value, ClientRequestToken: id, VersionStages: stages };
  try {
    await secrets.send(new PutSecretValueCommand({ SecretId: secretId, ...version }));
  } catch (error) {
    if (error instanceof LimitExceededException) throw tooManyChanges();
    throw error;
  }
}

/** Takes the label of version `id` off, and those that other writers left behind. What fails is left to the next writer. */
export async function takeLabelsOff(
  writer: VersionWriter,
  secretId: string,
  id: string,
): Promise<void> {
  const takeOff = (label: string, from: string) =>
    writer.secrets.send(
      new UpdateSecretVersionStageCommand({
        SecretId: secretId,
        VersionStage: label,
        RemoveFromVersionId: from,
      }),
    );
  try {
    await takeOff(`${labelPrefix}${id}`, id).catch(() => undefined);
    const versions = await labelledVersions(writer, secretId);
    const before = writer.clock() - abandonedMs;
    for (const { VersionId, VersionStages = [], CreatedDate } of versions)
      for (const label of VersionStages)
        if (VersionId && label.startsWith(labelPrefix) && (CreatedDate?.getTime() ?? 0) < before)
          await takeOff(label, VersionId);
  } catch {
    // The outcome stands, with or without labels.
  }
}

async function currentVersion({ secrets }: VersionWriter, secretId: string) {
  try {
    const value = await secrets.send(new GetSecretValueCommand({ SecretId: secretId }));
    return { id: value.VersionId, secret: readTenantSecret(value.SecretString ?? "") };
  } catch (error) {
    if (error instanceof ResourceNotFoundException)
      throw new TenantSecretError("secretMissing", `There is no secret ${secretId}.`);
    if (error instanceof InvalidRequestException)
      throw new TenantSecretError("secretDeleted", `The secret ${secretId} waits to be deleted.`);
    throw error;
  }
}

/** Makes version `to` current if `from` still is. False where it is not. */
async function makeCurrent(
  writer: VersionWriter,
  secretId: string,
  to: string,
  from: string | undefined,
): Promise<boolean> {
  const move = { VersionStage: "AWSCURRENT", MoveToVersionId: to, RemoveFromVersionId: from };
  try {
    await writer.secrets.send(new UpdateSecretVersionStageCommand({ SecretId: secretId, ...move }));
    return true;
  } catch (error) {
    // The first answer may have been lost: a version with either label has been current.
    const stages = await stagesOf(writer, secretId, to);
    if (stages.includes("AWSCURRENT") || stages.includes("AWSPREVIOUS")) return true;
    if (error instanceof InvalidParameterException) return false;
    throw error;
  }
}

const stagesOf = async (writer: VersionWriter, secretId: string, id: string) =>
  (await labelledVersions(writer, secretId)).find(({ VersionId }) => VersionId === id)
    ?.VersionStages ?? [];

/** Only versions with a label are listed, and a secret has at most 20 labels. */
async function labelledVersions(
  { secrets }: VersionWriter,
  secretId: string,
): Promise<readonly SecretVersionsListEntry[]> {
  const page = { SecretId: secretId, MaxResults: 100 };
  return (await secrets.send(new ListSecretVersionIdsCommand(page))).Versions ?? [];
}

const tooManyChanges = () =>
  new TenantSecretError(
    "tooManyChanges",
    "The tokens of this tenant were changed about 100 times within a day, which is as often as Secrets Manager allows; try again later.",
  );
