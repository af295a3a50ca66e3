import { payloadLimitBytes } from "../functions/functions.ts";
import type { JsonObject } from "../json.ts";
import type { EventSourceSpec } from "../template/event-sources.ts";
import { region } from "../template/pseudo-parameters.ts";

/** Gathers the records of one shard into batches as a mapping wants them. */
export interface Batches {
  add(records: readonly JsonObject[]): void;
  /** The next batch, once it is full or has been waited for long enough. */
  next(): readonly JsonObject[] | undefined;
  isEmpty(): boolean;
}

/** What else than records is in an event, and in an event's list. */
const margin = 1000;

export function gatherBatches(spec: EventSourceSpec, clock: () => number): Batches {
  let waiting: readonly JsonObject[] = [];
  let since = 0;
  return {
    add: (records) => {
      if (waiting.length === 0) since = clock();
      waiting = [
        ...waiting,
        ...records.map((record) => asHandedOn(record, spec)).filter(spec.isOfInterest),
      ];
    },
    next: () => {
      const isDue = clock() - since >= spec.windowSeconds * 1000;
      if (waiting.length === 0 || (waiting.length < spec.batchSize && !isDue)) return undefined;
      const size = fitting(waiting.slice(0, spec.batchSize));
      const batch = waiting.slice(0, size);
      waiting = waiting.slice(size);
      return batch;
    },
    isEmpty: () => waiting.length === 0,
  };
}

/** A record as Lambda hands it on; DynamoDB Local's stands in a region of its own. */
const asHandedOn = (record: JsonObject, { streamArn }: EventSourceSpec): JsonObject => ({
  ...record,
  awsRegion: region,
  eventSourceARN: streamArn,
});

/** How many of the records fit into one event. */
function fitting(records: readonly JsonObject[]): number {
  let bytes = margin;
  const end = records.findIndex((record) => {
    bytes += Buffer.byteLength(JSON.stringify(record)) + 1;
    return bytes > payloadLimitBytes;
  });
  return end === -1 ? records.length : Math.max(1, end);
}
