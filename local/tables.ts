import { LocalRunError } from "./failure.ts";
import { askDynamoDb } from "./gateway/dynamodb-service.ts";
import { isObject, type Json, type JsonObject, readList, readTexts, textOrEmpty } from "./json.ts";
import type { TableSpec } from "./template/table.ts";

/** Makes the tables that are not there yet, and the streams of those that are. @throws LocalRunError where one that is there has other keys than the template says. */
export async function makeTables(endpoint: string, specs: readonly TableSpec[]): Promise<void> {
  const { TableNames: names } = await askDynamoDb(endpoint, "ListTables", {});
  const existing = readTexts(names, "the tables");
  await Promise.all(
    specs.map((spec) =>
      existing.includes(spec.name) ? checkTable(endpoint, spec) : makeTable(endpoint, spec),
    ),
  );
}

async function makeTable(endpoint: string, { name, definition, expiryField }: TableSpec) {
  await askDynamoDb(endpoint, "CreateTable", definition);
  if (expiryField === undefined) return;
  await askDynamoDb(endpoint, "UpdateTimeToLive", {
    TableName: name,
    TimeToLiveSpecification: { AttributeName: expiryField, Enabled: true },
  });
}

async function checkTable(endpoint: string, { name, definition }: TableSpec): Promise<void> {
  const { Table: table } = await askDynamoDb(endpoint, "DescribeTable", { TableName: name });
  if (!isObject(table) || shapeOf(table) !== shapeOf(definition))
    throw new LocalRunError(
      "The table that was kept has other keys than the stack has now; take another --data-dir.",
    );

  const { StreamSpecification: stream } = definition;
  if (stream !== undefined && table.LatestStreamArn === undefined)
    await askDynamoDb(endpoint, "UpdateTable", { TableName: name, StreamSpecification: stream });
}

/** The keys of a table and its indexes, comparable. */
function shapeOf({ KeySchema: keys, GlobalSecondaryIndexes: indexes }: JsonObject): string {
  const ofIndexes = readList(indexes).map((index) =>
    isObject(index) ? `${textOrEmpty(index.IndexName)}: ${keysOf(index.KeySchema)}` : "",
  );
  return [keysOf(keys), ...ofIndexes.toSorted((a, b) => (a < b ? -1 : 1))].join("; ");
}

const keysOf = (keys: Json | undefined) =>
  readList(keys)
    .map((key) =>
      isObject(key) ? `${textOrEmpty(key.AttributeName)} ${textOrEmpty(key.KeyType)}` : "",
    )
    .join(", ");
