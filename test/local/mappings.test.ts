import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, expect, test } from "@jest/globals";
import { type DynamoDbLocal, startDynamoDbLocal } from "../../local/dynamodb-local.ts";
import { startMapping } from "../../local/events/mappings.ts";
import { createFunctions } from "../../local/functions/functions.ts";
import { callersOf } from "../../local/gateway/callers.ts";
import { askDynamoDb } from "../../local/gateway/dynamodb-service.ts";
import { type JsonObject, readJson } from "../../local/json.ts";
import { createQueue } from "../../local/sqs/queue.ts";
import { makeTables } from "../../local/tables.ts";
import type { EventSourceSpec } from "../../local/template/event-sources.ts";
import type { Statement } from "../../local/template/policies.ts";
import { aFunction } from "./fixture-functions.ts";
import { aMapping, queueArn, streamArn } from "./fixture-mapping.ts";

// An engine of its own: one that is busy with others' writes may show a stream's records out of order.
let endpoint = "";
let engine: DynamoDbLocal;
beforeAll(async () => {
  engine = await startDynamoDbLocal();
  endpoint = engine.endpoint;
});
afterAll(() => engine.stop());
const stops: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).toReversed()) await stop();
});

const definition = (name: string): JsonObject => ({
  TableName: name,
  BillingMode: "PAY_PER_REQUEST",
  AttributeDefinitions: [{ AttributeName: "pk", AttributeType: "S" }],
  KeySchema: [{ AttributeName: "pk", KeyType: "HASH" }],
});
const withStream = (name: string): JsonObject => ({
  ...definition(name),
  StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_AND_OLD_IMAGES" },
});

/** A table with a stream of its own. */
async function aTable(): Promise<string> {
  const name = `stream-${randomUUID()}`;
  await makeTables(endpoint, [{ name, definition: withStream(name), expiryField: undefined }]);
  stops.push(async () => {
    await askDynamoDb(endpoint, "DeleteTable", { TableName: name });
  });
  return name;
}

const put = (table: string, pk: string) =>
  askDynamoDb(endpoint, "PutItem", { TableName: table, Item: { pk: { S: pk }, n: { N: "1" } } });

const allowed: readonly Statement[] = [
  {
    effect: "Allow",
    actions: ["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"],
    resources: [streamArn],
  },
  { effect: "Allow", actions: ["sqs:SendMessage"], resources: [queueArn] },
];

/** Fails for whatever begins with "poison", and logs what it saw. */
const source = `export const handler = async ({ Records }) => {
  const failed = Records.filter((record) => record.dynamodb.Keys.pk.S.startsWith("poison"));
  for (const record of Records) if (!failed.includes(record)) console.log(JSON.stringify(record));
  return {
    batchItemFailures: failed.map((record) => ({ itemIdentifier: record.dynamodb.SequenceNumber })),
  };
};`;

async function start(more: Partial<EventSourceSpec> = {}, statements = allowed) {
  const spec = aFunction(source, { name: "feed", roleName: "role" });
  const lines: string[] = [];
  const functions = createFunctions({
    specs: [spec],
    gateway: "http://127.0.0.1:1",
    log: (text) => lines.push(...text.trim().split("\n")),
    complain: () => undefined,
  });
  const ending = new AbortController();
  stops.push(
    () => functions.stop(),
    () => ending.abort(),
  );
  const queue = createQueue({
    name: "dead-letters",
    arn: queueArn,
    retentionSeconds: 60,
    visibilitySeconds: 30,
  });
  const complaints: string[] = [];
  const tableName = more.tableName ?? (await aTable());
  await startMapping(aMapping({ ...more, tableName }), {
    endpoint,
    functions,
    callers: callersOf([spec], new Map([["role", statements]])),
    queues: [queue],
    complain: (text) => complaints.push(text),
    signal: ending.signal,
  });
  const handled = () => lines.map((line) => Object(readJson(line)));
  const keys = () => handled().map(({ dynamodb }) => dynamodb.Keys.pk.S);
  return { tableName, handled, keys, queue, complaints, stop: () => ending.abort(), spec };
}

async function until(holds: () => boolean): Promise<void> {
  for (let waited = 0; !holds() && waited < 40_000; waited += 20) await sleep(20);
  expect(holds()).toBe(true);
}

test("what is written arrives as Lambda would hand it on, in order", async () => {
  const tableName = await aTable();
  await put(tableName, "before");
  const { handled, keys } = await start({ tableName });
  for (const pk of ["a", "b", "c"]) await put(tableName, pk);

  await until(() => keys().length === 3);

  expect(keys()).toEqual(["a", "b", "c"]);
  expect(handled()[0]).toEqual({
    eventID: expect.any(String),
    eventName: "INSERT",
    eventVersion: "1.1",
    eventSource: "aws:dynamodb",
    awsRegion: "us-east-1",
    eventSourceARN: streamArn,
    dynamodb: {
      ApproximateCreationDateTime: expect.any(Number),
      Keys: { pk: { S: "a" } },
      NewImage: { pk: { S: "a" }, n: { N: "1" } },
      SequenceNumber: expect.any(String),
      SizeBytes: expect.any(Number),
      StreamViewType: "NEW_AND_OLD_IMAGES",
    },
  });
});

test("a record that the function cannot handle is named in the queue, and the others go on", async () => {
  const { tableName, keys, queue, complaints, spec } = await start();
  for (const pk of ["a", "poison", "b", "c"]) await put(tableName, pk);

  await until(() => new Set(keys()).size === 3 && complaints.length > 0);

  const messages = queue.receive(10).map(({ Body }) => Object(readJson(Body)));
  expect(messages).toEqual([
    {
      requestContext: {
        requestId: expect.any(String),
        functionArn: spec.arn,
        condition: "RetryAttemptsExhausted",
        approximateInvokeCount: 3,
      },
      responseContext: { statusCode: 200, executedVersion: "$LATEST" },
      version: "1.0",
      timestamp: expect.stringMatching(/Z$/),
      DDBStreamBatchInfo: {
        shardId: expect.stringContaining("shardId-"),
        startSequenceNumber: expect.any(String),
        endSequenceNumber: messages[0].DDBStreamBatchInfo.startSequenceNumber,
        approximateArrivalOfFirstRecord: expect.stringMatching(/\dZ$/),
        approximateArrivalOfLastRecord: expect.stringMatching(/\dZ$/),
        batchSize: 1,
        streamArn,
      },
    },
  ]);
  expect(complaints).toEqual([expect.stringContaining("a message in dead-letters names them")]);
});

test("records that the filter leaves out do not reach the function", async () => {
  const { tableName, keys } = await start({
    isOfInterest: ({ dynamodb }) => JSON.stringify(dynamodb).includes('"S":"in-'),
  });
  for (const pk of ["in-1", "out-1", "in-2", "out-2", "in-3"]) await put(tableName, pk);
  await until(() => keys().length === 3);
  expect(keys()).toEqual(["in-1", "in-2", "in-3"]);
});

test("a batch is as large as the mapping says, and waits for no longer than its window", async () => {
  const { tableName, keys } = await start({ batchSize: 2, windowSeconds: 1 });
  for (const pk of ["a", "b", "c"]) await put(tableName, pk);
  await until(() => keys().length === 2);
  expect(keys()).toEqual(["a", "b"]);
  await until(() => keys().length === 3);
});

test("nothing is handed on after the end", async () => {
  const { tableName, keys, stop } = await start();
  await put(tableName, "a");
  await until(() => keys().length === 1);
  stop();
  await put(tableName, "b");
  await sleep(600);
  expect(keys()).toEqual(["a"]);
});

test.each([0, 1])("without a right the mapping is refused, as Lambda would", async (left) => {
  const some = allowed.filter((_, at) => at === left);
  await expect(start({}, some)).rejects.toThrow(/is not authorized to perform: (sqs|dynamodb):/);
});

test("a table that was kept without a stream is given one", async () => {
  const name = `kept-${randomUUID()}`;
  await makeTables(endpoint, [{ name, definition: definition(name), expiryField: undefined }]);
  await makeTables(endpoint, [{ name, definition: withStream(name), expiryField: undefined }]);
  const { keys } = await start({ tableName: name });
  await put(name, "a");
  await until(() => keys().length === 1);
  expect(keys()).toEqual(["a"]);
  await askDynamoDb(endpoint, "DeleteTable", { TableName: name });
});
