import { randomBytes, randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { v7 } from "uuid";
import { secretsClientConfig, secretsManagerTokens } from "../auth/secrets-manager.ts";
import { readTenantSettings } from "../auth/tenant-settings.ts";
import { readDeploymentTypes } from "../deployment.ts";
import { readEnv } from "../env.ts";
import { groupNames } from "../store/dynamodb/claim-group-names.ts";
import { openDb } from "../store/dynamodb/client.ts";
import { inTime } from "../store/dynamodb/deadline.ts";
import { deletedUsers } from "../store/dynamodb/deleted-users.ts";
import { userErasure } from "../store/dynamodb/erase-user.ts";
import { tokenLease } from "../store/dynamodb/lease.ts";
import { seats } from "../store/dynamodb/seats.ts";
import { tenantFigures } from "../store/dynamodb/tenant-figures.ts";
import { tenantStore } from "../store/dynamodb/tenants.ts";
import { tokenUses } from "../store/dynamodb/token-use.ts";
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
  tokenUses: tokenUses(table),
  deletedUsers: deletedUsers(table, user),
  erasure: userErasure(table, user),
  groupNames: groupNames(table),
  seats: seats(table),
  users: servedUsers(userStore(table, user), user),
  inTime,
  figures: tenantFigures(table),
  clock: world.clock,
  random: randomBytes,
});
