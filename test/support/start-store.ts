import { startDynamoDbLocal } from "../../local/dynamodb-local.ts";

/** Starts the one DynamoDB Local that all test files share. */
export default async function startStore(): Promise<void> {
  const engine = await startDynamoDbLocal();
  process.env.TEST_DYNAMODB_ENDPOINT = engine.endpoint;
  (globalThis as { stopStore?: () => Promise<void> }).stopStore = () => engine.stop();
}
