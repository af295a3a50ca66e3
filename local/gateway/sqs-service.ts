import { setTimeout as sleep } from "node:timers/promises";
import { type JsonObject, readTexts, textOrEmpty } from "../json.ts";
import type { Queue } from "../sqs/queue.ts";
import { account, region } from "../template/pseudo-parameters.ts";
import { type Answer, jsonError } from "./exchange.ts";
import type { Need } from "./iam.ts";

const contentType = "application/x-amz-json-1.0";

/** What a person does with a queue; the local run itself sends to it. */
const operations: Readonly<
  Record<string, (queue: Queue, input: JsonObject) => JsonObject | Promise<JsonObject> | undefined>
> = {
  ReceiveMessage: receive,
  DeleteMessage: (queue, { ReceiptHandle: handle }) =>
    queue.delete(textOrEmpty(handle)) ? {} : undefined,
  GetQueueAttributes: (queue, { AttributeNames: names }) => {
    const asked = readTexts(names, "AttributeNames");
    const entries = Object.entries(queue.attributes()).filter(
      ([name]) => asked.includes("All") || asked.includes(name),
    );
    return { Attributes: Object.fromEntries(entries) };
  },
};

/** The right that a call to SQS needs; undefined for an operation that the local run does not know. */
export function sqsNeeds(operation: string, input: JsonObject): readonly Need[] | undefined {
  if (!Object.hasOwn(operations, operation)) return undefined;
  const resource = `arn:aws:sqs:${region}:${account}:${nameOf(input)}`;
  return [{ action: `sqs:${operation}`, resource }];
}

/** Speaks SQS's JSON protocol. */
export async function serveSqs(
  queues: readonly Queue[],
  operation: string,
  input: JsonObject,
): Promise<Answer> {
  const queue = queues.find(({ spec }) => spec.name === nameOf(input));
  if (!queue)
    return queueError(
      "QueueDoesNotExist",
      "The specified queue does not exist.",
      "AWS.SimpleQueueService.NonExistentQueue",
    );
  const output = await operations[operation]?.(queue, input);
  if (!output) return queueError("ReceiptHandleIsInvalid", "The input receipt handle is invalid.");
  return { status: 200, headers: { "Content-Type": contentType }, body: JSON.stringify(output) };
}

/** SDKs that know the older protocol go by the code in the header. */
function queueError(type: string, message: string, code = type): Answer {
  const answer = jsonError(400, `com.amazonaws.sqs#${type}`, message, contentType);
  return { ...answer, headers: { ...answer.headers, "x-amzn-query-error": `${code};Sender` } };
}

/** A queue's URL ends in its name, whichever host it names. */
const nameOf = ({ QueueUrl: url }: JsonObject) => textOrEmpty(url).split("/").at(-1) ?? "";

const waitStepMs = 50;

async function receive(queue: Queue, input: JsonObject): Promise<JsonObject> {
  const { MaxNumberOfMessages: most, VisibilityTimeout: visibility, WaitTimeSeconds: wait } = input;
  const until = Date.now() + Math.min(Number(wait ?? 0), 20) * 1000;
  for (;;) {
    const messages = queue.receive(
      Math.min(Number(most ?? 1), 10),
      visibility === undefined ? undefined : Number(visibility),
    );
    if (messages.length > 0)
      return { Messages: messages.map((message): JsonObject => ({ ...message })) };
    if (Date.now() >= until) return {};
    await sleep(waitStepMs);
  }
}
