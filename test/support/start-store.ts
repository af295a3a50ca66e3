import { startDynamoDbLocal } from "../../local/dynamodb-local.ts";
import { createTable } from "./table.ts";

/** Starts the one DynamoDB Local that all test files share, with one table in it. */
export default async function startStore(): Promise<void> {
  const engine = await startDynamoDbLocal();
  process.env.TEST_DYNAMODB_ENDPOINT = engine.endpoint;
  await createTable(engine.endpoint);
  (globalThis as { stopStore?: () => Promise<void> }).stopStore = () => engine.stop();
}
