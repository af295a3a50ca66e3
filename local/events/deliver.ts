import type { Outcome } from "../functions/messages.ts";
import { isObject, type JsonObject, readJson, readObject, textOrEmpty } from "../json.ts";
import type { EventSourceSpec } from "../template/event-sources.ts";
import { sequenceNumberOf } from "./follow.ts";

/** A batch that is given up. */
export interface GivenUp {
  readonly records: readonly JsonObject[];
  readonly condition: "RetryAttemptsExhausted" | "RecordAgeExceeded";
  readonly invokeCount: number;
  readonly last: Attempt | undefined;
}

/** What came of one invocation with a batch. */
export interface Attempt {
  readonly requestId: string;
  /** Of the first record that is not done; undefined where all are. */
  readonly failedAt: number | undefined;
  readonly isFault: boolean;
}

export interface DeliverOptions {
  readonly spec: EventSourceSpec;
  readonly invoke: (payload: string) => Promise<Outcome>;
  readonly giveUp: (batch: GivenUp) => void;
  readonly clock: () => number;
  /** Waits before a batch is tried again. Throws where there is no next time. */
  readonly sleep: (milliseconds: number) => Promise<unknown>;
}

/**
 * Hands a batch to a function as Lambda does. Of a batch that fails what was done is left out; the
 * rest is split in two where the mapping bisects, which is no retry, and tried again until the
 * retries are used up or the records are too old: then it is given up, and what follows goes on.
 */
export async function deliver(
  batch: readonly JsonObject[],
  options: DeliverOptions,
): Promise<void> {
  const { spec, giveUp } = options;
  let records = batch;
  let last: Attempt | undefined;
  for (let retries = 0; ; retries += 1) {
    const young = records.findIndex((record) => !isTooOld(record, options));
    const expired = young === -1 ? records : records.slice(0, young);
    if (expired.length > 0)
      giveUp({ records: expired, condition: "RecordAgeExceeded", invokeCount: retries, last });
    records = records.slice(expired.length);
    if (records.length === 0) return;

    last = await attempt(records, options);
    if (last.failedAt === undefined) return;
    records = records.slice(last.failedAt);
    if (spec.bisects && (last.failedAt > 0 || records.length > 1)) {
      for (const part of last.failedAt > 0 ? [records] : halvesOf(records))
        await deliver(part, options);
      return;
    }

    if (retries >= spec.mostRetries) {
      const condition = "RetryAttemptsExhausted";
      giveUp({ records, condition, invokeCount: retries + 1, last });
      return;
    }
    await options.sleep(Math.min(100 * 2 ** retries, 5000));
  }
}

function halvesOf(records: readonly JsonObject[]): readonly (readonly JsonObject[])[] {
  const middle = Math.ceil(records.length / 2);
  return [records.slice(0, middle), records.slice(middle)];
}

function isTooOld(record: JsonObject, { spec, clock }: DeliverOptions): boolean {
  return clock() - arrivalOf(record) > spec.maxAgeSeconds * 1000;
}

/** When a record was written, in ms; DynamoDB Local tells no more than the minute. */
export function arrivalOf(record: JsonObject): number {
  const { ApproximateCreationDateTime: seconds } = readObject(record.dynamodb, "A change");
  return Number(seconds) * 1000;
}

async function attempt(
  records: readonly JsonObject[],
  { spec, invoke }: DeliverOptions,
): Promise<Attempt> {
  const { requestId, payload, isFault } = await invoke(JSON.stringify({ Records: records }));
  if (isFault) return { requestId, failedAt: 0, isFault };
  return {
    requestId,
    failedAt: spec.reportsItems ? failedAt(payload, records) : undefined,
    isFault,
  };
}

/** An answer that is not of the form, or names a record that there is not, fails the whole batch. */
function failedAt(payload: string, records: readonly JsonObject[]): number | undefined {
  const answer = readJson(payload);
  if (answer === null) return undefined;
  const failures = isObject(answer) ? (answer.batchItemFailures ?? []) : undefined;
  if (!Array.isArray(failures)) return 0;

  const numbers = records.map(sequenceNumberOf);
  const places = failures.map((failure) =>
    numbers.indexOf(isObject(failure) ? textOrEmpty(failure.itemIdentifier) : ""),
  );
  if (places.length === 0) return undefined;
  return Math.max(0, Math.min(...places));
}
