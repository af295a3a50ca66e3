import { randomBytes, randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { secretsClientConfig, secretsManagerTokens } from "../auth/secrets-manager.ts";
import { readTenantSettings } from "../auth/tenant-settings.ts";
import { readDeploymentTypes } from "../deployment.ts";
import { readEnv } from "../env.ts";
import { groupNames } from "../store/dynamodb/claim-group-names.ts";
import { openDb } from "../store/dynamodb/client.ts";
import { deletedUsers } from "../store/dynamodb/deleted-users.ts";
import { userErasure } from "../store/dynamodb/erase-user.ts";
import { tokenLease } from "../store/dynamodb/lease.ts";
import { resourceCounts } from "../store/dynamodb/resource-counts.ts";
import { seats } from "../store/dynamodb/seats.ts";
import { tenantStore } from "../store/dynamodb/tenants.ts";
import { adminCommands } from "./admin.ts";

const env = readEnv(["TABLE_NAME", "SECRET_PREFIX"]);
const db = openDb();
const world = { newId: randomUUID, clock: Date.now, sleep, random: Math.random };
const table = { db, name: env.TABLE_NAME, now: () => new Date(), ...world };
const { user } = readDeploymentTypes();

export const handler = adminCommands({
  tenants: tenantStore(db, env.TABLE_NAME, readTenantSettings),
  secrets: secretsManagerTokens({
    ...world,
    secrets: new SecretsManagerClient(secretsClientConfig),
    prefix: env.SECRET_PREFIX,
    lease: tokenLease({ ...world, db, tableName: env.TABLE_NAME }),
  }),
  deletedUsers: deletedUsers(table, user),
  erasure: userErasure(table, user),
  groupNames: groupNames(table),
  counts: resourceCounts(table),
  seats: seats(table),
  user,
  clock: world.clock,
  random: randomBytes,
});
