import {
  CreateSecretCommand,
  DeleteSecretCommand,
  GetSecretValueCommand,
  InvalidRequestException,
  ResourceExistsException,
  ResourceNotFoundException,
  type SecretsManagerClient,
  type SecretsManagerClientConfig,
  SecretsManagerServiceException,
} from "@aws-sdk/client-secrets-manager";
import { compareAndSet, putVersion, takeLabelsOff } from "./compare-and-set.ts";
import {
  type Lease,
  readTenantSecret,
  type TenantSecret,
  TenantSecretError,
  type TenantSecretReader,
  type TenantSecretStore,
} from "./tenant-secret.ts";

/** Time-outs for the client: a request waits for its credentials, so a call that hangs must end soon. */
export const secretsClientConfig: SecretsManagerClientConfig = {
  maxAttempts: 3,
  requestHandler: { connectionTimeout: 500, requestTimeout: 1500, throwOnRequestTimeout: true },
};

/** How long one read may take with all its retries. */
const readMs = 4000;

/** Which client to use, and what a tenant's id is appended to for the name of its secret. */
export interface SecretsAt {
  readonly secrets: SecretsManagerClient;
  readonly prefix: string;
}

/** What changes to secrets take from outside. */
export interface SecretChanges extends SecretsAt {
  readonly lease: Lease;
  /** A new UUID. */
  readonly newId: () => string;
  readonly clock: () => number;
  readonly sleep: (milliseconds: number) => Promise<unknown>;
  /** From 0 to below 1, for jitter. */
  readonly random: () => number;
}

/** Reads tenants' secrets in Secrets Manager; needs `GetSecretValue` alone. */
export function secretsManagerReader({ secrets, prefix }: SecretsAt): TenantSecretReader {
  return {
    read: async (tenant) => {
      const command = new GetSecretValueCommand({ SecretId: `${prefix}${tenant}` });
      try {
        const value = await secrets.send(command, { abortSignal: AbortSignal.timeout(readMs) });
        return readTenantSecret(value.SecretString ?? "");
      } catch (error) {
        if (error instanceof ResourceNotFoundException || isDeleted(error)) return undefined;
        throw error;
      }
    },
  };
}

/**
 * Deletes a tenant's secret for good, without the days in which it could be restored: who deletes it
 * has waited for as long as the tenant could. To force what is gone already is no fault.
 */
export const secretsManagerEraser =
  ({ secrets, prefix }: SecretsAt) =>
  async (tenant: string): Promise<void> => {
    const command = new DeleteSecretCommand({
      SecretId: `${prefix}${tenant}`,
      ForceDeleteWithoutRecovery: true,
    });
    try {
      await secrets.send(command);
    } catch (error) {
      // Somebody has deleted it by hand: its tokens are void, and it goes by itself.
      if (!isDeleted(error)) throw error;
    }
  };

/** How a secret answers that waits to be deleted: its tokens are void. Other states of it pass, such as those of its key. */
const isDeleted = (error: unknown): boolean =>
  error instanceof InvalidRequestException &&
  /(marked|scheduled) for deletion/i.test(error.message);

/** Reads and changes tenants' secrets in Secrets Manager, and says in words where that does not answer. */
export function secretsManagerTokens(changes: SecretChanges): TenantSecretStore {
  const reader = secretsManagerReader(changes);
  return {
    read: (tenant) => reader.read(tenant).catch(tellOutage),
    create: (tenant) => create(changes, reader, tenant).catch(tellOutage),
    change: (tenant, change) =>
      changes.lease.hold(tenant, () => changeInTurn(changes, tenant, change).catch(tellOutage)),
  };
}

function tellOutage(error: unknown): never {
  if (!(error instanceof Error)) throw error;
  const { name, message } = error;
  // The SDK has no class for a call that nobody answered in time.
  if (!(error instanceof SecretsManagerServiceException || /^(Abort|Timeout)Error$/.test(name)))
    throw error;
  throw new TenantSecretError(
    "unavailable",
    `Secrets Manager, which keeps the tokens' hashes, does not answer as it should (${name}: ${message}). Tokens that are in use go on for up to an hour. What was to be changed may or may not have been: look, and send it again once Secrets Manager is back.`,
  );
}

const empty: TenantSecret = { tokens: [] };

async function create(changes: SecretChanges, reader: TenantSecretReader, tenant: string) {
  const name = `${changes.prefix}${tenant}`;
  if (await createEmpty(changes, name, tenant)) return { secret: empty, isNew: true };

  const existing = await reader.read(tenant);
  if (existing) return { secret: existing, isNew: false };

  // Made by hand, without a value: a first version becomes current by itself, and no later one does.
  const id = changes.newId();
  await putVersion(changes, name, id, JSON.stringify(empty));
  await takeLabelsOff(changes, name, id);
  return { secret: (await reader.read(tenant)) ?? empty, isNew: true };
}

/** False where there is a secret of that name. */
async function createEmpty(
  { secrets, newId }: SecretChanges,
  name: string,
  tenant: string,
): Promise<boolean> {
  const command = new CreateSecretCommand({
    Name: name,
    Description: `Hashes of the tokens of tenant ${tenant}. Written by the admin function only.`,
    SecretString: JSON.stringify(empty),
    ClientRequestToken: newId(),
  });
  try {
    await secrets.send(command);
    return true;
  } catch (error) {
    if (error instanceof ResourceExistsException) return false;
    if (error instanceof InvalidRequestException) throw deleted(name);
    throw error;
  }
}

const mostTries = 10;

/** Tries until no other writer came between reading and writing. */
async function changeInTurn(
  changes: SecretChanges,
  tenant: string,
  change: (before: TenantSecret) => TenantSecret,
): Promise<TenantSecret> {
  for (let attempt = 0; attempt < mostTries; attempt++) {
    if (attempt > 0) await changes.sleep(changes.random() * Math.min(2000, 100 * 2 ** attempt));
    const after = await compareAndSet(changes, `${changes.prefix}${tenant}`, change);
    if (after) return after;
  }
  throw new TenantSecretError(
    "busy",
    `Others kept changing the tokens of tenant "${tenant}"; try again in a moment.`,
  );
}

const deleted = (name: string) =>
  new TenantSecretError(
    "secretDeleted",
    `The secret ${name} waits to be deleted. Restore it (aws secretsmanager restore-secret --secret-id ${name}), or choose another tenant name.`,
  );
