import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { openDb } from "../../lambdas/store/dynamodb/client.ts";
import { dynamoDbService } from "../../local/gateway/dynamodb-service.ts";
import { troubled } from "../../local/gateway/faults.ts";
import { type Faults, noFaults } from "../../local/gateway/faults-spec.ts";
import { serveCalls } from "../../local/gateway/server.ts";
import { listen } from "../../local/listen.ts";
import { connection } from "./table.ts";

export interface TroubledDb {
  readonly db: DynamoDBDocumentClient;
  /** What the SDK needs to reach the same. */
  readonly connection: ReturnType<typeof connection>;
  readonly stop: () => Promise<void>;
}

/** The test run's DynamoDB Local as the local run serves it with `--faults`. */
export async function troubledDb(
  faults: Partial<Faults>,
  now: () => number = Date.now,
): Promise<TroubledDb> {
  const engine = dynamoDbService(Promise.resolve(process.env.TEST_DYNAMODB_ENDPOINT ?? ""));
  const input = { faults: { ...noFaults, ...faults }, isTroubled: () => true, now };
  const server = await listen(serveCalls(troubled(engine, input)), 0);
  // Tests send hundreds of calls at once, on machines with few cores.
  const requestHandler = { connectionTimeout: 20_000, requestTimeout: 20_000 };
  const db = openDb({ ...connection(server.url), requestHandler });
  withOwnErrors(db);
  const stop = async () => {
    db.destroy();
    await server.stop();
  };
  return { db, connection: connection(server.url), stop };
}

/**
 * Node's own errors are of another realm than a test's, in which the SDK takes them for no errors
 * and forgets their code, by which it would know that a call may be sent again.
 */
export function withOwnErrors({ config }: Pick<DynamoDBClient, "config">): void {
  const { requestHandler } = config;
  const handle = requestHandler.handle.bind(requestHandler);
  requestHandler.handle = (...request) =>
    handle(...request).catch((error: Error) => {
      const { name, message } = error;
      const code = "code" in error ? { code: error.code } : {};
      throw error instanceof Error ? error : Object.assign(new Error(message), { name, ...code });
    });
}
