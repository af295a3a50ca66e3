import { expect, test } from "@jest/globals";
import { deliver, type GivenUp } from "../../local/events/deliver.ts";
import { sequenceNumberOf } from "../../local/events/follow.ts";
import { isObject, type JsonObject, readJson, readList } from "../../local/json.ts";
import type { EventSourceSpec } from "../../local/template/event-sources.ts";
import { aMapping, aRecord } from "./fixture-mapping.ts";

const namesOf = (records: readonly JsonObject[]) => records.map(sequenceNumberOf).join("");

/** Hands on records named by single letters, and tells which batches a function saw. */
async function delivered(
  letters: string,
  answer: (batch: string, call: number) => unknown,
  more: Partial<EventSourceSpec> = {},
) {
  const seen: string[] = [];
  const givenUp: GivenUp[] = [];
  const waits: number[] = [];
  let time = 0;
  await deliver(
    letters.split("").map((letter) => aRecord(letter)),
    {
      spec: aMapping(more),
      invoke: async (payload) => {
        const event = readJson(payload);
        const batch = namesOf(readList(isObject(event) ? event.Records : []).filter(isObject));
        seen.push(batch);
        const answered = answer(batch, seen.length);
        const isFault = answered instanceof Error;
        const text = isFault ? "{}" : (JSON.stringify(answered) ?? "null");
        return { requestId: `call-${seen.length}`, payload: text, isFault, log: "" };
      },
      giveUp: (one) => givenUp.push(one),
      clock: () => time,
      sleep: async (milliseconds) => {
        waits.push(milliseconds);
        time += 30_000;
      },
    },
  );
  const lost = givenUp.map(({ records, condition }) => `${namesOf(records)} ${condition}`);
  return { seen, lost, waits, givenUp };
}

const failing = (...names: string[]) => ({
  batchItemFailures: names.map((itemIdentifier) => ({ itemIdentifier })),
});
/** As the function does that reports what it cannot read. */
const reporting = (poison: string) => (batch: string) =>
  failing(...batch.split("").filter((name) => poison.includes(name)));
/** As a function does that throws. */
const throwing = (poison: string) => (batch: string) =>
  batch.split("").some((name) => poison.includes(name)) ? new Error("no") : undefined;

test.each([
  ["nothing", undefined],
  ["null", null],
  ["no list", {}],
  ["null for a list", { batchItemFailures: null }],
  ["an empty list", failing()],
])("a function that answers %s has done with the batch", async (_, answer) => {
  expect(await delivered("abc", () => answer)).toMatchObject({ seen: ["abc"], lost: [] });
});

test("a record that is reported is tried alone, as often as it may be, and the others go on", async () => {
  const { seen, lost } = await delivered("abPcd", reporting("P"));
  expect(seen).toEqual(["abPcd", "Pcd", "Pc", "P", "P", "P", "c", "d"]);
  expect(lost).toEqual(["P RetryAttemptsExhausted"]);
});

test("without reports a batch that throws is halved until the record is alone", async () => {
  const { seen, lost } = await delivered("abPd", throwing("P"), { reportsItems: false });
  expect(seen).toEqual(["abPd", "ab", "Pd", "P", "P", "P", "d"]);
  expect(lost).toEqual(["P RetryAttemptsExhausted"]);
});

test("several such records are given up one by one, and everything else is done", async () => {
  const { seen, lost } = await delivered("aPbQc", reporting("PQ"));
  expect(lost).toEqual(["P RetryAttemptsExhausted", "Q RetryAttemptsExhausted"]);
  for (const name of "abc") expect(seen.some((batch) => batch.includes(name))).toBe(true);
});

test("without bisecting the rest of the batch is given up with it", async () => {
  const { seen, lost } = await delivered("abPc", reporting("P"), { bisects: false });
  expect(seen).toEqual(["abPc", "Pc", "Pc"]);
  expect(lost).toEqual(["Pc RetryAttemptsExhausted"]);
});

test("a fault that passes costs nothing but a wait", async () => {
  const { seen, lost, waits } = await delivered("a", (_, call) =>
    call < 3 ? new Error("busy") : undefined,
  );
  expect({ seen, lost, waits }).toEqual({ seen: ["a", "a", "a"], lost: [], waits: [100, 200] });
});

test.each([
  ["a record that is not in the batch", failing("z")],
  ["no name", { batchItemFailures: [{}] }],
  ["a text for a list", { batchItemFailures: "a" }],
  ["a list", []],
  ["an error", new Error("no")],
])("a function that answers %s has failed with the whole batch", async (_, answer) => {
  const { seen, lost } = await delivered("ab", () => answer, { mostRetries: 0 });
  expect(seen).toEqual(["ab", "a", "b"]);
  expect(lost).toEqual(["a RetryAttemptsExhausted", "b RetryAttemptsExhausted"]);
});

test("what a function reports counts only where the mapping asks for it", async () => {
  expect(await delivered("ab", () => failing("a"), { reportsItems: false })).toMatchObject({
    seen: ["ab"],
    lost: [],
  });
});

test("records that have become too old are given up, whatever retries there are", async () => {
  const forever = { mostRetries: Number.POSITIVE_INFINITY, maxAgeSeconds: 60 };
  const { seen, lost, givenUp } = await delivered("a", () => new Error("no"), forever);
  expect(seen).toEqual(["a", "a", "a"]);
  expect(lost).toEqual(["a RecordAgeExceeded"]);
  expect(givenUp).toMatchObject([{ invokeCount: 3, last: { requestId: "call-3", isFault: true } }]);
});
