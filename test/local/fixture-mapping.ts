import type { JsonObject } from "../../local/json.ts";
import type { EventSourceSpec } from "../../local/template/event-sources.ts";

export const streamArn =
  "arn:aws:dynamodb:us-east-1:000000000000:table/t/stream/2026-01-01T00:00:00.000";
export const queueArn = "arn:aws:sqs:us-east-1:000000000000:dead-letters";

/** A mapping as the template's reader gives it. */
export const aMapping = (more: Partial<EventSourceSpec> = {}): EventSourceSpec => ({
  functionName: "feed",
  streamArn,
  tableName: "t",
  isOfInterest: () => true,
  batchSize: 100,
  windowSeconds: 0,
  bisects: true,
  reportsItems: true,
  mostRetries: 2,
  maxAgeSeconds: Number.POSITIVE_INFINITY,
  deadLetterArn: queueArn,
  ...more,
});

/** A record of the stream, known by its name. */
export const aRecord = (name: string, writtenAt = 0): JsonObject => ({
  eventName: "INSERT",
  dynamodb: {
    ApproximateCreationDateTime: writtenAt / 1000,
    Keys: { pk: { S: name } },
    SequenceNumber: name,
  },
});
