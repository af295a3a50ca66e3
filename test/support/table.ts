import { randomUUID } from "node:crypto";
import { CreateTableCommand, DeleteTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { openDb } from "../../lambdas/store/dynamodb/client.ts";

/** Each test file has a table of its own, so that to read all of it takes no longer than what the file has written. */
export const tableName = `rollcall-test-${randomUUID()}`;

/** The table's keys as the stack declares them; a template test holds the two together. */
export const tableShape = {
  AttributeDefinitions: ["pk", "sk", "gsi1pk", "gsi1sk"].map((name) => ({
    AttributeName: name,
    AttributeType: "S" as const,
  })),
  KeySchema: [
    { AttributeName: "pk", KeyType: "HASH" as const },
    { AttributeName: "sk", KeyType: "RANGE" as const },
  ],
  GlobalSecondaryIndexes: [
    {
      IndexName: "gsi1",
      KeySchema: [
        { AttributeName: "gsi1pk", KeyType: "HASH" as const },
        { AttributeName: "gsi1sk", KeyType: "RANGE" as const },
      ],
      Projection: { ProjectionType: "KEYS_ONLY" as const },
    },
  ],
};

export const connection = (endpoint: string) => ({
  endpoint,
  region: "us-east-1",
  credentials: { accessKeyId: "test", secretAccessKey: "test" },
});

export async function createTable(): Promise<void> {
  const db = new DynamoDBClient(connection(testEndpoint()));
  await db.send(
    new CreateTableCommand({ TableName: tableName, BillingMode: "PAY_PER_REQUEST", ...tableShape }),
  );
  db.destroy();
}

export async function deleteTable(): Promise<void> {
  const db = new DynamoDBClient(connection(testEndpoint()));
  await db.send(new DeleteTableCommand({ TableName: tableName }));
  db.destroy();
}

/** A client of the DynamoDB Local that the test run started. */
export function testDb(): DynamoDBDocumentClient {
  // Tests send hundreds of calls at once, on machines with few cores.
  const requestHandler = { connectionTimeout: 20_000, requestTimeout: 20_000 };
  return openDb({ ...connection(testEndpoint()), requestHandler });
}

function testEndpoint(): string {
  const endpoint = process.env.TEST_DYNAMODB_ENDPOINT;
  if (!endpoint) throw new Error("The test run started no DynamoDB Local.");
  return endpoint;
}
