import { createHash, randomUUID } from "node:crypto";
import type { QueueSpec } from "../template/queues.ts";

/** A message that a receiver has for a while. */
export interface Received {
  readonly MessageId: string;
  readonly ReceiptHandle: string;
  readonly MD5OfBody: string;
  readonly Body: string;
  readonly Attributes: Readonly<Record<string, string>>;
}

/** A standard queue, in memory: its messages end with the process. */
export interface Queue {
  readonly spec: QueueSpec;
  send(body: string): void;
  /** Messages that nobody has at the moment, the oldest first; the receiver has them for so long. */
  receive(most: number, visibilitySeconds?: number): readonly Received[];
  /** Whether there is a message that was received with this handle. */
  delete(receiptHandle: string): boolean;
  attributes(): Readonly<Record<string, string>>;
}

interface Message {
  readonly id: string;
  readonly body: string;
  readonly sentAt: number;
  readonly handle?: string;
  readonly visibleAt: number;
  readonly firstReceivedAt?: number;
  readonly receiveCount: number;
}

export function createQueue(spec: QueueSpec, clock: () => number = Date.now): Queue {
  const createdAt = clock();
  let messages: readonly Message[] = [];
  const kept = (): readonly Message[] =>
    messages.filter(({ sentAt }) => clock() - sentAt < spec.retentionSeconds * 1000);

  return {
    spec,
    send: (body) => {
      const now = clock();
      const message = { id: randomUUID(), body, sentAt: now, visibleAt: now, receiveCount: 0 };
      messages = [...kept(), message];
    },
    receive: (most, visibilitySeconds = spec.visibilitySeconds) => {
      const now = clock();
      const taken = kept().filter(({ visibleAt }) => visibleAt <= now);
      const received = new Map(
        taken
          .slice(0, most)
          .map((message) => [message.id, receipt(message, now, visibilitySeconds)]),
      );
      messages = kept().map((message) => received.get(message.id) ?? message);
      return [...received.values()].map(shown);
    },
    delete: (receiptHandle) => {
      // An older handle of a message that was received again is no longer one.
      const others = messages.filter(({ handle }) => handle !== receiptHandle);
      const found = others.length < messages.length;
      messages = others;
      return found;
    },
    attributes: () => {
      const now = clock();
      const visible = kept().filter(({ visibleAt }) => visibleAt <= now).length;
      return {
        ApproximateNumberOfMessages: String(visible),
        ApproximateNumberOfMessagesDelayed: "0",
        ApproximateNumberOfMessagesNotVisible: String(kept().length - visible),
        CreatedTimestamp: String(Math.floor(createdAt / 1000)),
        MessageRetentionPeriod: String(spec.retentionSeconds),
        QueueArn: spec.arn,
        VisibilityTimeout: String(spec.visibilitySeconds),
      };
    },
  };
}

const receipt = (message: Message, now: number, visibilitySeconds: number): Message => ({
  ...message,
  handle: randomUUID(),
  visibleAt: now + visibilitySeconds * 1000,
  firstReceivedAt: message.firstReceivedAt ?? now,
  receiveCount: message.receiveCount + 1,
});

const shown = ({ id, body, handle, sentAt, firstReceivedAt, receiveCount }: Message): Received => ({
  MessageId: id,
  ReceiptHandle: handle ?? "",
  MD5OfBody: createHash("md5").update(body).digest("hex"),
  Body: body,
  Attributes: {
    ApproximateFirstReceiveTimestamp: String(firstReceivedAt),
    ApproximateReceiveCount: String(receiveCount),
    SentTimestamp: String(sentAt),
  },
});
