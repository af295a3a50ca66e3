import { DynamoDBClient, type DynamoDBClientConfig } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { unavailable } from "../../scim/errors.ts";

/** The time-outs leave room for every retry well within API Gateway's 29 s. */
const defaults: DynamoDBClientConfig = {
  maxAttempts: 4,
  requestHandler: { connectionTimeout: 1000, requestTimeout: 3000, throwOnRequestTimeout: true },
};

/** A client whose refusals for want of capacity or an answer are what a client of ours may read. */
export function openDb(config: DynamoDBClientConfig = {}): DynamoDBDocumentClient {
  const db = DynamoDBDocumentClient.from(new DynamoDBClient({ ...defaults, ...config }), {
    marshallOptions: { removeUndefinedValues: true },
  });
  db.middlewareStack.add(
    (next) => async (args) => {
      try {
        return await next(args);
      } catch (error) {
        throw isPassing(error) ? unavailable("The store is busy; send this again.", 2) : error;
      }
    },
    { step: "initialize", name: "passingFaults", priority: "high" },
  );
  return db;
}

const passingFaults = new Set([
  "ThrottlingException",
  "ProvisionedThroughputExceededException",
  "RequestLimitExceeded",
  "InternalServerError",
  "ServiceUnavailable",
  "TransactionInProgressException",
  "TimeoutError",
]);

function isPassing(error: unknown): boolean {
  return error instanceof Error && passingFaults.has(error.name);
}
