import {
  DynamoDBClient,
  type DynamoDBClientConfig,
  DynamoDBServiceException,
} from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { unavailable } from "../../scim/errors.ts";
import { checkDeadline, untilDeadline } from "./deadline.ts";

/** One call takes up to 16 s by these, and several are made; their sum is bounded by the request's deadline. */
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
        return await untilDeadline(() => next(args));
      } catch (error) {
        throw isPassing(error) ? unavailable("The store is busy; send this again.", 2) : error;
      }
    },
    { step: "initialize", name: "passingFaults", priority: "high" },
  );
  // The client would send again what nobody waits for any more, perhaps when the function is next woken.
  db.middlewareStack.add(
    (next) => async (args) => {
      checkDeadline();
      return next(args);
    },
    { step: "finalizeRequest", name: "deadline", priority: "low" },
  );
  return db;
}

const passingFaults = new Set([
  "ThrottlingException",
  "ProvisionedThroughputExceededException",
  "RequestLimitExceeded",
  "LimitExceededException",
  "TransactionInProgressException",
  "TimeoutError",
]);

const lostConnections = new Set(["ECONNREFUSED", "ECONNRESET", "EPIPE", "ENOTFOUND", "EAI_AGAIN"]);

/** Whether the same call may succeed a moment later: the store was busy, failing or out of reach. */
function isPassing(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof DynamoDBServiceException && error.$fault === "server") return true;
  const code = "code" in error ? String(error.code) : "";
  return passingFaults.has(error.name) || lostConnections.has(code);
}
