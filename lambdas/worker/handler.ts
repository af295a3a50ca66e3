import { setTimeout as sleep } from "node:timers/promises";
import { Logger } from "@aws-lambda-powertools/logger";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { v7 as newId } from "uuid";
import { secretsClientConfig, secretsManagerEraser } from "../auth/secrets-manager.ts";
import { readEnv } from "../env.ts";
import { backgroundWork } from "../store/dynamodb/background.ts";
import { openDb } from "../store/dynamodb/client.ts";
import { worker } from "./worker.ts";

const env = readEnv(["TABLE_NAME", "BACKGROUND_WRITE_UNITS", "SECRET_PREFIX"]);
const logger = new Logger();
const table = {
  db: openDb(),
  name: env.TABLE_NAME,
  now: () => new Date(),
  newId: () => newId(),
  sleep,
  random: Math.random,
};

export const handler = worker({
  background: backgroundWork(table, {
    writeUnitsPerSecond: env.BACKGROUND_WRITE_UNITS,
    deleteSecret: secretsManagerEraser({
      secrets: new SecretsManagerClient(secretsClientConfig),
      prefix: env.SECRET_PREFIX,
    }),
  }),
  clock: Date.now,
  log: (line, what) => logger.info(line, what),
  report: (error) => logger.error("A piece of background work failed", { error }),
});
