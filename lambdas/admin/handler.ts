import { randomBytes, randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { v7 } from "uuid";
import { secretsClientConfig, secretsManagerTokens } from "../auth/secrets-manager.ts";
import { readTenantSettings } from "../auth/tenant-settings.ts";
import { readDeploymentTypes } from "../deployment.ts";
import { readEnv } from "../env.ts";
import { openDb } from "../store/dynamodb/client.ts";
import { inTime } from "../store/dynamodb/deadline.ts";
import { deletedUsers } from "../store/dynamodb/deleted-users.ts";
import { userErasure } from "../store/dynamodb/erase-user.ts";
import { tokenLease } from "../store/dynamodb/lease.ts";
import { resourceCounts } from "../store/dynamodb/resource-counts.ts";
import { seats } from "../store/dynamodb/seats.ts";
import { tenantStore } from "../store/dynamodb/tenants.ts";
import { userStore } from "../store/dynamodb/users.ts";
import { servedUsers } from "../users/users.ts";
import { adminCommands } from "./admin.ts";

const env = readEnv(["TABLE_NAME", "SECRET_PREFIX"]);
const db = openDb();
const world = { newId: randomUUID, clock: Date.now, sleep, random: Math.random };
// Users that are imported while others walk through the list go to its end.
const table = { ...world, db, name: env.TABLE_NAME, now: () => new Date(), newId: () => v7() };
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
  users: servedUsers(userStore(table, user), user),
  inTime,
  erasure: userErasure(table, user),
  counts: resourceCounts(table),
  seats: seats(table),
  clock: world.clock,
  random: randomBytes,
});
