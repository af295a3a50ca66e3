import { randomBytes, randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import {
  DescribeSecretCommand,
  SecretsManagerClient,
  type SecretsManagerClientConfig,
} from "@aws-sdk/client-secrets-manager";
import { type AdminAnswer, adminCommands } from "../../lambdas/admin/admin.ts";
import type { AdminPorts } from "../../lambdas/admin/ports.ts";
import { cachedCredentials } from "../../lambdas/auth/cached-credentials.ts";
import {
  secretsClientConfig,
  secretsManagerEraser,
  secretsManagerReader,
  secretsManagerTokens,
} from "../../lambdas/auth/secrets-manager.ts";
import type { TenantReader } from "../../lambdas/auth/tenant.ts";
import type { TenantSecretReader } from "../../lambdas/auth/tenant-secret.ts";
import { readTenantSettings } from "../../lambdas/auth/tenant-settings.ts";
import { userType } from "../../lambdas/scim/resource-types.ts";
import { groupNames } from "../../lambdas/store/dynamodb/claim-group-names.ts";
import { inTime } from "../../lambdas/store/dynamodb/deadline.ts";
import { deletedUsers } from "../../lambdas/store/dynamodb/deleted-users.ts";
import { userErasure } from "../../lambdas/store/dynamodb/erase-user.ts";
import { tokenLease } from "../../lambdas/store/dynamodb/lease.ts";
import { seats } from "../../lambdas/store/dynamodb/seats.ts";
import { tenantFigures } from "../../lambdas/store/dynamodb/tenant-figures.ts";
import { tenantStore } from "../../lambdas/store/dynamodb/tenants.ts";
import { tokenUses } from "../../lambdas/store/dynamodb/token-use.ts";
import { userStore } from "../../lambdas/store/dynamodb/users.ts";
import { servedUsers } from "../../lambdas/users/users.ts";
import { createSecretsManager } from "../../local/secrets-manager/secrets-manager.ts";
import { serveSecretsManager } from "../../local/secrets-manager/serve.ts";
import { testTable } from "./store.ts";
import { tableName, testDb } from "./table.ts";

export const prefix = "rollcall/tenants/";

export interface HandClock {
  readonly now: () => number;
  readonly pass: (milliseconds: number) => void;
}

/** A clock that is set by hand. */
export function handClock(): HandClock {
  let time = Date.parse("2026-06-01T00:00:00Z");
  return {
    now: () => time,
    pass: (milliseconds) => {
      time += milliseconds;
    },
  };
}

/** What admin and the functions work on: a Secrets Manager of its own, and the run's table. */
export async function aDeployment() {
  const clock = handClock();
  const core = createSecretsManager({ clock: clock.now });
  const served = await serveSecretsManager(core);
  const db = testDb();
  const tenants = tenantStore(db, tableName, readTenantSettings);
  const uses = tokenUses({ db, name: tableName });
  const opened: SecretsManagerClient[] = [];

  const client = (config: SecretsManagerClientConfig = {}) => {
    const secrets = new SecretsManagerClient({
      ...secretsClientConfig,
      endpoint: served.endpoint,
      region: "us-east-1",
      credentials: { accessKeyId: "test", secretAccessKey: "test" },
      ...config,
    });
    opened.push(secrets);
    return secrets;
  };
  const world = { newId: randomUUID, clock: clock.now, random: Math.random };
  const lease = tokenLease({ ...world, sleep, db, tableName });
  const store = (secrets = client(), turns: typeof lease = lease) =>
    secretsManagerTokens({ ...world, sleep, secrets, prefix, lease: turns });
  const admin = (secrets = store(), over: Partial<AdminPorts> = {}) =>
    adminCommands({
      tenants,
      secrets,
      tokenUses: uses,
      deletedUsers: deletedUsers(testTable({ db })),
      erasure: userErasure(testTable({ db })),
      groupNames: groupNames(testTable({ db })),
      seats: seats(testTable({ db })),
      users: servedUsers(userStore(testTable({ db })), userType),
      inTime,
      figures: tenantFigures(testTable({ db, now: () => new Date(clock.now()) })),
      clock: clock.now,
      random: randomBytes,
      ...over,
    });

  return {
    clock,
    core,
    db,
    tenants,
    uses,
    lease,
    client,
    store,
    admin,
    reader: secretsManagerReader({ secrets: client(), prefix }),
    deleteSecret: secretsManagerEraser({ secrets: client(), prefix }),
    /** The labels of all versions of a tenant's secret, without those of Secrets Manager itself. */
    labels: async (tenant: string) => {
      const command = new DescribeSecretCommand({ SecretId: `${prefix}${tenant}` });
      const { VersionIdsToStages = {} } = await client().send(command);
      return Object.values(VersionIdsToStages)
        .flat()
        .filter((label) => !label.startsWith("AWS"));
    },
    stop: async () => {
      for (const one of opened) one.destroy();
      db.destroy();
      await served.stop();
    },
  };
}

export type Deployment = Awaited<ReturnType<typeof aDeployment>>;

/** A tenant id that no other test uses. */
export const aTenant = () => `t-${randomUUID()}`;

/** A new tenant, with a token. */
export async function aTenantWithToken(
  deployment: Deployment,
  wish: object = {},
  settings: object = {},
) {
  const tenant = aTenant();
  await carriedOut(deployment, { action: "tenant.create", tenant, settings });
  return { tenant, ...(await issued(deployment, tenant, wish)) };
}

/** A new token of a tenant. */
export async function issued(deployment: Deployment, tenant: string, wish: object = {}) {
  const answer = await carriedOut(deployment, { action: "token.issue", tenant, ...wish });
  return { token: String(answer.token), tokenId: String(answer.tokenId) };
}

/** The answer to a command that is expected to succeed. */
export async function carriedOut(deployment: Deployment, message: object) {
  const answer: AdminAnswer = await deployment.admin()(message);
  if (!answer.ok) throw new Error(answer.error.message);
  return answer;
}

/** Credentials as a function has them, with what reaches the two services counted and, if wanted, failing. */
export function aFunction(
  { clock, reader, tenants }: Pick<Deployment, "clock" | "reader" | "tenants">,
  cacheSeconds = 60,
) {
  const calls = { secrets: 0, tenants: 0 };
  const fault = { isOn: false, ofSecrets: false, waits: undefined as Promise<unknown> | undefined };
  const reported: unknown[] = [];

  const pass = async (service: keyof typeof calls) => {
    calls[service] += 1;
    await fault.waits;
    if (fault.isOn || (fault.ofSecrets && service === "secrets"))
      throw new Error(`${service} out of order`);
  };
  const countedSecrets: TenantSecretReader = {
    read: async (tenant) => {
      await pass("secrets");
      return reader.read(tenant);
    },
  };
  const countedTenants: TenantReader = {
    get: async (tenant) => {
      await pass("tenants");
      return tenants.get(tenant);
    },
  };
  const credentials = cachedCredentials({
    secrets: countedSecrets,
    tenants: countedTenants,
    clock: clock.now,
    cacheSeconds,
    report: (error) => reported.push(error),
  });
  const verify = (token: string) => credentials.verify(token);
  return { verify, calls, fault, reported };
}
