import { setTimeout as sleep } from "node:timers/promises";
import { Logger } from "@aws-lambda-powertools/logger";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { v7 as newId } from "uuid";
import { cachedCredentials } from "./auth/cached-credentials.ts";
import { oneOf } from "./auth/principal.ts";
import { secretsClientConfig, secretsManagerReader } from "./auth/secrets-manager.ts";
import { readTenantSettings } from "./auth/tenant-settings.ts";
import { tokenUseNotes } from "./auth/use-notes.ts";
import { readEnv } from "./env.ts";
import type { Edge } from "./http/endpoint.ts";
import { openDb } from "./store/dynamodb/client.ts";
import { inTime } from "./store/dynamodb/deadline.ts";
import type { Table } from "./store/dynamodb/table.ts";
import { tenantStore } from "./store/dynamodb/tenants.ts";
import { tokenUses } from "./store/dynamodb/token-use.ts";

/** What every function that answers SCIM requests takes from where it runs: environment, clients, clock. */
export function scimRuntime(): { readonly table: Table; readonly edge: Edge } {
  const env = readEnv(["TABLE_NAME", "SECRET_PREFIX", "BASE_PATH", "CREDENTIAL_CACHE_SECONDS"]);
  const db = openDb();
  const waiting = { sleep, random: Math.random };

  const logger = new Logger();

  const tokens = cachedCredentials({
    secrets: secretsManagerReader({
      secrets: new SecretsManagerClient(secretsClientConfig),
      prefix: env.SECRET_PREFIX,
    }),
    tenants: tenantStore(db, env.TABLE_NAME, readTenantSettings),
    clock: Date.now,
    cacheSeconds: env.CREDENTIAL_CACHE_SECONDS,
    report: (error) => logger.error("Credentials cannot be read", { error }),
  });
  return {
    table: { db, name: env.TABLE_NAME, now: () => new Date(), newId: () => newId(), ...waiting },
    edge: {
      credentials: oneOf([tokens]),
      useNotes: tokenUseNotes({
        uses: tokenUses({ db, name: env.TABLE_NAME }),
        clock: Date.now,
        report: (error) => logger.warn("The use of a token cannot be noted", { error }),
      }),
      basePath: env.BASE_PATH,
      logger,
      now: Date.now,
      inTime,
      ...waiting,
    },
  };
}
