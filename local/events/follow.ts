import { setTimeout as sleep } from "node:timers/promises";
import { type JsonObject, readObject, readText } from "../json.ts";
import type { Position, Shard, Slice, TableStream } from "./stream.ts";

export interface FollowOptions {
  readonly stream: TableStream;
  /** Takes the records of a shard as they come, in order; the shard waits for it. Answers whether it has done with them. */
  readonly take: (shardId: string, records: readonly JsonObject[]) => Promise<boolean>;
  readonly signal: AbortSignal;
  readonly complain: (text: string) => void;
}

/** As often as Lambda polls a shard. */
const pollMs = 250;
const lookForShardsMs = 10_000;

/**
 * Reads all shards of a stream until `signal` ends it: from what is written next in those that
 * there are, from their beginning in those that follow. Returns once it would see the next write.
 */
export async function follow(options: FollowOptions): Promise<void> {
  const { stream, signal } = options;
  const seen = new Set<string>();
  const reading = new Set<string>();

  const begin = (shard: Shard, iterator: string) => {
    reading.add(shard.id);
    void readShard(shard.id, iterator, options).finally(() => reading.delete(shard.id));
  };
  const beginAll = async (from: Position) => {
    const shards = await stream.shards();
    // The records of a shard come after those of the one that it was split from.
    const next = shards.filter(
      ({ id, parentId }) => !seen.has(id) && !(parentId !== undefined && reading.has(parentId)),
    );
    for (const shard of next) {
      const iterator = await stream.iterator(shard.id, from);
      seen.add(shard.id);
      begin(shard, iterator);
    }
  };
  const lookForMore = async () => {
    for (;;) {
      const known = reading.size;
      // A shard that ended is followed by others.
      for (let waited = 0; waited < lookForShardsMs && reading.size === known; waited += pollMs)
        await sleep(pollMs, undefined, { signal });
      await beginAll({ kind: "TRIM_HORIZON" }).catch(complainOf(options));
    }
  };

  await beginAll({ kind: "LATEST" });
  // It ends by the signal alone.
  void lookForMore().catch(() => undefined);
}

const complainOf =
  ({ signal, complain }: FollowOptions) =>
  (error: unknown) => {
    if (!signal.aborted) complain(`The table's stream could not be read: ${String(error)}`);
  };

async function readShard(shardId: string, first: string, options: FollowOptions): Promise<void> {
  const { stream, take, signal } = options;
  let iterator: string | undefined = first;
  let last: string | undefined;
  let isDone = true;
  while ((iterator !== undefined || !isDone) && !signal.aborted)
    try {
      const { records, next }: Slice =
        iterator === undefined ? nothing : await stream.read(iterator);
      if (signal.aborted) return;
      isDone = await take(shardId, records);
      last = records.length > 0 ? sequenceNumberOf(records.at(-1)) : last;
      iterator = next;
      if (records.length === 0) await sleep(pollMs, undefined, { signal });
    } catch (error) {
      complainOf(options)(error);
      // An iterator holds for a quarter of an hour.
      await sleep(1000, undefined, { signal }).catch(() => undefined);
      const from: Position =
        last === undefined
          ? { kind: "LATEST" }
          : { kind: "AFTER_SEQUENCE_NUMBER", sequenceNumber: last };
      iterator = await stream.iterator(shardId, from).catch(() => iterator);
    }
}

const nothing: Slice = { records: [], next: undefined };

/** What tells a record from all others of its shard. */
export function sequenceNumberOf(record: JsonObject | undefined): string {
  const { dynamodb: change } = readObject(record, "A record");
  return readText(readObject(change, "A record's change").SequenceNumber, "SequenceNumber");
}
