import { setTimeout as sleep } from "node:timers/promises";
import { Logger } from "@aws-lambda-powertools/logger";
import { v7 as newId } from "uuid";
import { readEnv } from "../env.ts";
import { backgroundWork } from "../store/dynamodb/background.ts";
import { openDb } from "../store/dynamodb/client.ts";
import { worker } from "./worker.ts";

const env = readEnv(["TABLE_NAME", "BACKGROUND_WRITE_UNITS"]);
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
  background: backgroundWork(table, { writeUnitsPerSecond: env.BACKGROUND_WRITE_UNITS }),
  clock: Date.now,
  log: (line, what) => logger.info(line, what),
  report: (error) => logger.error("A piece of background work failed", { error }),
});
