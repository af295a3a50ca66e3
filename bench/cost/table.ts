import {
  type AttributeValue,
  CreateTableCommand,
  DynamoDBClient,
  type DynamoDBClientConfig,
  ScanCommand,
} from "@aws-sdk/client-dynamodb";
import { countsPartition } from "../../lambdas/store/dynamodb/keys.ts";
import { entryOf } from "./billing.ts";
import { itemBytes } from "./item-size.ts";

/** A client's configuration for DynamoDB Local; its time-outs suit a slow machine. */
export const localConfig = (endpoint: string): DynamoDBClientConfig => ({
  endpoint,
  region: "us-east-1",
  credentials: { accessKeyId: "cost", secretAccessKey: "cost" },
  requestHandler: { connectionTimeout: 20_000, requestTimeout: 20_000 },
});

const keys = (pk: string, sk: string) => [
  { AttributeName: pk, KeyType: "HASH" as const },
  { AttributeName: sk, KeyType: "RANGE" as const },
];

/** The table's keys as the stack declares them. */
export const tableShape = {
  AttributeDefinitions: ["pk", "sk", "gsi1pk", "gsi1sk"].map((name) => ({
    AttributeName: name,
    AttributeType: "S" as const,
  })),
  KeySchema: keys("pk", "sk"),
  GlobalSecondaryIndexes: [
    {
      IndexName: "gsi1",
      KeySchema: keys("gsi1pk", "gsi1sk"),
      Projection: { ProjectionType: "KEYS_ONLY" as const },
    },
  ],
};

/** Makes a table for measurements. */
export async function createTable(config: DynamoDBClientConfig, name: string): Promise<void> {
  const db = new DynamoDBClient(config);
  const command = { TableName: name, BillingMode: "PAY_PER_REQUEST" as const, ...tableShape };
  await db.send(new CreateTableCommand(command));
  db.destroy();
}

/** What AWS adds to an item, and to an entry of an index, for what it stores. */
const overhead = 100;

/** The bytes that all items of a tenant take as storage with their entries in the index; of counters there are only a few. */
export async function storedBytes(
  config: DynamoDBClientConfig,
  name: string,
  tenant: string,
): Promise<number> {
  const db = new DynamoDBClient(config);
  let bytes = 0;
  let after: Record<string, AttributeValue> | undefined;
  do {
    const page = await db.send(new ScanCommand({ TableName: name, ExclusiveStartKey: after }));
    for (const item of page.Items ?? []) {
      const { S: pk = "" } = item.pk ?? {};
      if (!pk.startsWith(`T#${tenant}#`) || pk === countsPartition(tenant)) continue;
      const entry = entryOf(item);
      bytes += itemBytes(item) + overhead + (entry ? itemBytes(entry) + overhead : 0);
    }
    after = page.LastEvaluatedKey;
  } while (after);
  db.destroy();
  return bytes;
}
