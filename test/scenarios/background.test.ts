import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { DynamoDBClient, ListTablesCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { isObject, type JsonObject, readJson, readList, textOrEmpty } from "../../local/json.ts";
import { type LocalRun, startLocalRun } from "../support/local-run.ts";

let run: LocalRun;
beforeAll(async () => {
  run = await startLocalRun();
}, 120_000);
afterAll(() => run.stop());

/** Writes an item into the one table, as a person would. */
async function putItem(pk: string, sk: string): Promise<void> {
  const db = new DynamoDBClient({
    endpoint: run.env.AWS_ENDPOINT_URL_DYNAMODB ?? "",
    region: run.env.AWS_REGION ?? "",
    credentials: {
      accessKeyId: run.env.AWS_ACCESS_KEY_ID ?? "",
      secretAccessKey: run.env.AWS_SECRET_ACCESS_KEY ?? "",
    },
  });
  const { TableNames: [TableName] = [] } = await db.send(new ListTablesCommand({}));
  await db.send(new PutItemCommand({ TableName, Item: { pk: { S: pk }, sk: { S: sk } } }));
  db.destroy();
}

/** Asks the dead-letter queue, as the AWS CLI does. */
async function askQueue(operation: string, input: JsonObject): Promise<JsonObject> {
  const response = await fetch(run.env.AWS_ENDPOINT_URL_SQS ?? "", {
    method: "POST",
    headers: {
      "Content-Type": "application/x-amz-json-1.0",
      "X-Amz-Target": `AmazonSQS.${operation}`,
      Authorization: `AWS4-HMAC-SHA256 Credential=${run.env.AWS_ACCESS_KEY_ID}/20260101/us-east-1/sqs/aws4_request, SignedHeaders=host, Signature=none`,
    },
    body: JSON.stringify({ QueueUrl: run.env.ROLLCALL_DEAD_LETTER_QUEUE, ...input }),
  });
  const answer = readJson(await response.text());
  expect({ status: response.status, answer }).toMatchObject({ status: 200 });
  return isObject(answer) ? answer : {};
}

/** The runs of the worker until now, as its log tells of them. */
function workerRuns(): readonly JsonObject[] {
  const log = readFileSync(join(import.meta.dirname, `../../.local/logs/${run.pid}.log`), "utf8");
  return log
    .split("\n")
    .filter((line) => line.startsWith("{") && line.endsWith("}"))
    .map((line) => readJson(line))
    .filter(isObject)
    .filter(({ service, message }) => service === "worker" && message === "background work");
}

const wokenRuns = () => workerRuns().filter(({ woken }) => woken === true).length;

async function until(holds: () => boolean): Promise<void> {
  for (let waited = 0; !holds() && waited < 15_000; waited += 50) await sleep(50);
  expect(holds()).toBe(true);
}

test("the worker runs soon after the start, without anybody asking", async () => {
  await until(() => workerRuns().some(({ woken }) => woken === false));
  expect(workerRuns()[0]).toMatchObject({ left: false, failed: 0 });
});

test("a change of a group's members that is written wakes the worker at once", async () => {
  const before = wokenRuns();
  await putItem(`T#demo#GROUP#${randomUUID()}`, "CHANGE#000000000001");
  await until(() => wokenRuns() === before + 1);
  expect(run.output()).not.toContain("failed");
});

test("a record that is not of our form lands in the queue, and those behind it go on", async () => {
  const before = wokenRuns();
  await putItem("anybody's", "CHANGE#x");
  await putItem(`T#demo#GROUP#${randomUUID()}`, "CHANGE#000000000001");

  const { Messages: messages } = await askQueue("ReceiveMessage", {
    MaxNumberOfMessages: 10,
    WaitTimeSeconds: 15,
  });
  await until(() => wokenRuns() > before);

  const [message, ...others] = readList(messages).filter(isObject);
  expect(others).toEqual([]);
  expect(readJson(textOrEmpty(message?.Body))).toMatchObject({
    requestContext: {
      condition: "RetryAttemptsExhausted",
      approximateInvokeCount: 4,
      functionArn: expect.stringContaining("Feed"),
    },
    DDBStreamBatchInfo: { batchSize: 1 },
  });
  await askQueue("DeleteMessage", { ReceiptHandle: textOrEmpty(message?.ReceiptHandle) });
  expect(await askQueue("GetQueueAttributes", { AttributeNames: ["All"] })).toMatchObject({
    Attributes: {
      ApproximateNumberOfMessages: "0",
      ApproximateNumberOfMessagesNotVisible: "0",
      MessageRetentionPeriod: String(14 * 24 * 3600),
    },
  });
});
