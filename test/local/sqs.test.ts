import { createHash } from "node:crypto";
import { afterEach, expect, test } from "@jest/globals";
import { createFunctions } from "../../local/functions/functions.ts";
import { callersOf, functionsKey, personsKey } from "../../local/gateway/callers.ts";
import { faultsControl } from "../../local/gateway/faults-control.ts";
import { noFaults } from "../../local/gateway/faults-spec.ts";
import { createGateway } from "../../local/gateway/server.ts";
import { isObject, type JsonObject, readJson } from "../../local/json.ts";
import { listen } from "../../local/listen.ts";
import { createSecretsManager } from "../../local/secrets-manager/secrets-manager.ts";
import { createQueue, type Queue } from "../../local/sqs/queue.ts";
import { handClock } from "../support/deployment.ts";
import { aFunction } from "./fixture-functions.ts";
import { queueArn } from "./fixture-mapping.ts";

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

const aQueue = (clock = handClock()): Queue =>
  createQueue(
    { name: "dead-letters", arn: queueArn, retentionSeconds: 3600, visibilitySeconds: 30 },
    clock.now,
  );

/** A queue behind the gateway, and a way to ask for it in SQS's JSON protocol. */
async function served(queue = aQueue(), key = personsKey) {
  const spec = aFunction("", { name: "feed", roleName: "role" });
  const functions = createFunctions({
    specs: [spec],
    gateway: "",
    log: () => undefined,
    complain: () => undefined,
  });
  const receiving = { effect: "Allow", actions: ["sqs:ReceiveMessage"], resources: [queueArn] };
  const parts = {
    callers: callersOf([spec], new Map([["role", [{ ...receiving, effect: "Allow" as const }]]])),
    functions,
    dynamoDb: () => Promise.reject(new Error("not asked")),
    secrets: createSecretsManager(),
    faults: faultsControl(noFaults),
    queues: [queue],
  };
  const gateway = await listen(createGateway(Promise.resolve(parts)), 0);
  stops.push(() => gateway.stop());

  return async (operation: string, input: JsonObject = {}) => {
    const response = await fetch(gateway.url, {
      method: "POST",
      headers: {
        "X-Amz-Target": `AmazonSQS.${operation}`,
        Authorization: `AWS4-HMAC-SHA256 Credential=${key}/20260101/us-east-1/sqs/aws4_request, SignedHeaders=host, Signature=none`,
      },
      body: JSON.stringify({ QueueUrl: "http://anywhere/000000000000/dead-letters", ...input }),
    });
    const answer = readJson(await response.text());
    const code = response.headers.get("x-amzn-query-error");
    return { status: response.status, code, answer: isObject(answer) ? answer : {} };
  };
}

const namesAnd = ({ answer: { Messages: messages } }: { readonly answer: JsonObject }) =>
  Array.isArray(messages)
    ? messages.map(({ Body, ReceiptHandle }) => ({ Body, ReceiptHandle }))
    : [];

test("a message is received as SQS shows it, and gone once it is deleted", async () => {
  const queue = aQueue();
  queue.send("one");
  const ask = await served(queue);

  const { answer } = await ask("ReceiveMessage");
  const now = String(handClock().now());
  expect(answer).toEqual({
    Messages: [
      {
        MessageId: expect.any(String),
        ReceiptHandle: expect.any(String),
        MD5OfBody: createHash("md5").update("one").digest("hex"),
        Body: "one",
        Attributes: {
          ApproximateFirstReceiveTimestamp: now,
          ApproximateReceiveCount: "1",
          SentTimestamp: now,
        },
      },
    ],
  });

  const [message] = namesAnd({ answer });
  expect(await ask("DeleteMessage", { ReceiptHandle: message?.ReceiptHandle })).toMatchObject({
    status: 200,
  });
  expect(queue.attributes()).toMatchObject({
    ApproximateNumberOfMessages: "0",
    ApproximateNumberOfMessagesNotVisible: "0",
  });
});

test("a received message is hidden for as long as its receiver asks, then there again", async () => {
  const clock = handClock();
  const queue = aQueue(clock);
  queue.send("one");
  const ask = await served(queue);

  expect(namesAnd(await ask("ReceiveMessage", { VisibilityTimeout: 5 }))).toHaveLength(1);
  expect(await ask("ReceiveMessage")).toMatchObject({ status: 200, answer: {} });
  expect(queue.attributes()).toMatchObject({
    ApproximateNumberOfMessages: "0",
    ApproximateNumberOfMessagesNotVisible: "1",
  });

  clock.pass(5000);
  const { answer } = await ask("ReceiveMessage");
  expect(answer.Messages).toMatchObject([{ Attributes: { ApproximateReceiveCount: "2" } }]);
});

test("as many are received as were asked for, ten at most, the oldest first", async () => {
  const queue = aQueue();
  for (let at = 0; at < 15; at += 1) queue.send(String(at));
  const ask = await served(queue);
  const bodies = async (input?: JsonObject) =>
    namesAnd(await ask("ReceiveMessage", input)).map(({ Body }) => Body);

  expect(await bodies()).toEqual(["0"]);
  expect(await bodies({ MaxNumberOfMessages: 3 })).toEqual(["1", "2", "3"]);
  expect(await bodies({ MaxNumberOfMessages: 100 })).toHaveLength(10);
});

test("who waits gets what comes meanwhile", async () => {
  const queue = aQueue();
  const ask = await served(queue);
  const waiting = ask("ReceiveMessage", { WaitTimeSeconds: 10 });
  setTimeout(() => queue.send("late"), 100);
  expect(namesAnd(await waiting)).toMatchObject([{ Body: "late" }]);
});

test("a message is kept for as long as the queue says", () => {
  const clock = handClock();
  const queue = aQueue(clock);
  queue.send("one");
  clock.pass(3_599_000);
  expect(queue.attributes()).toMatchObject({ ApproximateNumberOfMessages: "1" });
  clock.pass(1000);
  expect(queue.receive(1)).toEqual([]);
});

test("the attributes that are asked for are told, or all", async () => {
  const ask = await served();
  expect(
    await ask("GetQueueAttributes", { AttributeNames: ["ApproximateNumberOfMessages"] }),
  ).toMatchObject({ answer: { Attributes: { ApproximateNumberOfMessages: "0" } } });
  const { answer } = await ask("GetQueueAttributes", { AttributeNames: ["All"] });
  expect(answer.Attributes).toMatchObject({
    QueueArn: queueArn,
    MessageRetentionPeriod: "3600",
    VisibilityTimeout: "30",
  });
});

test.each([
  [
    "ReceiveMessage",
    { QueueUrl: "http://anywhere/000000000000/other" },
    "AWS.SimpleQueueService.NonExistentQueue;Sender",
  ],
  ["DeleteMessage", { ReceiptHandle: "x" }, "ReceiptHandleIsInvalid;Sender"],
])("%s of %j is refused with SQS's own code", async (operation, input, code) => {
  const ask = await served();
  expect(await ask(operation, input)).toMatchObject({ status: 400, code });
});

test("an operation that is not known is said to be so, also where a name is inherited", async () => {
  const ask = await served();
  for (const operation of ["SendMessage", "constructor"])
    expect(await ask(operation)).toMatchObject({
      status: 400,
      answer: { __type: "com.amazonaws.sqs#UnknownOperationException" },
    });
});

test("a function may do with the queue what its role allows, and nothing else", async () => {
  const ask = await served(aQueue(), functionsKey("feed"));
  expect(await ask("ReceiveMessage")).toMatchObject({ status: 200 });
  expect(await ask("GetQueueAttributes")).toMatchObject({
    status: 400,
    answer: { __type: "com.amazonaws.sqs#AccessDeniedException" },
  });
});
