import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { LocalRunError } from "../failure.ts";
import type { Functions } from "../functions/functions.ts";
import { type Caller, functionsKey } from "../gateway/callers.ts";
import type { JsonObject } from "../json.ts";
import type { Queue } from "../sqs/queue.ts";
import type { EventSourceSpec } from "../template/event-sources.ts";
import type { FunctionSpec } from "../template/functions.ts";
import { type Batches, gatherBatches } from "./batches.ts";
import { arrivalOf, deliver, type GivenUp } from "./deliver.ts";
import { follow, sequenceNumberOf } from "./follow.ts";
import { openStream } from "./stream.ts";

export interface MappingParts {
  /** DynamoDB Local's. */
  readonly endpoint: string;
  readonly functions: Functions;
  readonly callers: ReadonlyMap<string, Caller>;
  readonly queues: readonly Queue[];
  readonly complain: (text: string) => void;
  readonly signal: AbortSignal;
}

/**
 * Leads a table's stream to its function, as Lambda's event source mapping does; returns once
 * the next write would be seen. @throws LocalRunError where Lambda would refuse to make the mapping.
 */
export async function startMapping(spec: EventSourceSpec, parts: MappingParts): Promise<void> {
  const { endpoint, functions, complain, signal } = parts;
  const fn = functions.find(spec.functionName);
  if (!fn) throw new LocalRunError(`There is no function ${spec.functionName}.`);
  refuseWithoutRights(spec, fn, parts);

  const queue = parts.queues.find((one) => one.spec.arn === spec.deadLetterArn);
  const byShard = new Map<string, Batches>();
  const take = async (shardId: string, records: readonly JsonObject[]) => {
    const batches = byShard.get(shardId) ?? gatherBatches(spec, Date.now);
    byShard.set(shardId, batches);
    batches.add(records);
    for (let batch = batches.next(); batch !== undefined; batch = batches.next())
      await deliver(batch, {
        spec,
        invoke: (payload) => functions.invoke(fn, payload),
        giveUp: (givenUp) => {
          queue?.send(JSON.stringify(deadLetter(givenUp, { spec, fn, shardId })));
          complain(
            `${fn.name} could not handle ${givenUp.records.length} records of the table's stream (${givenUp.condition}); ${queue ? `a message in ${queue.spec.name} names them` : "they are lost"}.`,
          );
        },
        clock: Date.now,
        sleep: (milliseconds) => sleep(milliseconds, undefined, { signal }),
      });
    return batches.isEmpty();
  };
  await follow({ stream: await openStream(endpoint, spec.tableName), take, signal, complain });
}

/** Lambda tries them when the mapping is made; ListStreams it wants too, but nothing can be asked of it here. */
function refuseWithoutRights(
  { streamArn, deadLetterArn }: EventSourceSpec,
  fn: FunctionSpec,
  { callers }: MappingParts,
): void {
  const reading = ["DescribeStream", "GetRecords", "GetShardIterator"].map((action) => ({
    action: `dynamodb:${action}`,
    resource: streamArn,
  }));
  const sending =
    deadLetterArn === undefined ? [] : [{ action: "sqs:SendMessage", resource: deadLetterArn }];
  const refusal = callers.get(functionsKey(fn.name))?.refusal([...reading, ...sending]);
  if (refusal !== undefined) throw new LocalRunError(refusal);
}

/** What Lambda sends to the queue: not the records themselves, but where they are in the stream. */
function deadLetter(
  { records, condition, invokeCount, last }: GivenUp,
  { spec, fn, shardId }: { spec: EventSourceSpec; fn: FunctionSpec; shardId: string },
): JsonObject {
  const [first] = records;
  const final = records.at(-1);
  return {
    requestContext: {
      requestId: last?.requestId ?? randomUUID(),
      functionArn: fn.arn,
      condition,
      approximateInvokeCount: invokeCount,
    },
    ...(last && {
      responseContext: {
        statusCode: 200,
        executedVersion: "$LATEST",
        ...(last.isFault && { functionError: "Unhandled" }),
      },
    }),
    version: "1.0",
    timestamp: new Date().toISOString(),
    DDBStreamBatchInfo: {
      shardId,
      startSequenceNumber: sequenceNumberOf(first),
      endSequenceNumber: sequenceNumberOf(final),
      approximateArrivalOfFirstRecord: arrivalText(first),
      approximateArrivalOfLastRecord: arrivalText(final),
      batchSize: records.length,
      streamArn: spec.streamArn,
    },
  };
}

const arrivalText = (record: JsonObject | undefined) =>
  new Date(arrivalOf(record ?? {})).toISOString().replace(/\.\d+Z$/, "Z");
