import { Logger } from "@aws-lambda-powertools/logger";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { readEnv } from "../env.ts";
import { tableFeed } from "./feed.ts";

const env = readEnv(["WORKER_FUNCTION"]);
const logger = new Logger();
// A shard waits for as long as this does: what cannot be had soon is left to the schedule.
const functions = new LambdaClient({
  maxAttempts: 2,
  requestHandler: { connectionTimeout: 1000, requestTimeout: 2000, throwOnRequestTimeout: true },
});

export const handler = tableFeed({
  wake: (group) =>
    functions.send(
      new InvokeCommand({
        FunctionName: env.WORKER_FUNCTION,
        InvocationType: "Event",
        Payload: JSON.stringify(group),
      }),
    ),
  report: (error) =>
    logger.error("The worker could not be woken; its next scheduled run finds the work", {
      error,
    }),
});
