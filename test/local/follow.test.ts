import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, expect, test } from "@jest/globals";
import { follow, sequenceNumberOf } from "../../local/events/follow.ts";
import type { Position, TableStream } from "../../local/events/stream.ts";
import { aRecord } from "./fixture-mapping.ts";

const ending: AbortController[] = [];
afterEach(() => {
  for (const one of ending.splice(0)) one.abort();
});

interface Scripted {
  readonly id: string;
  readonly parentId?: string;
  /** Records by single letters; a shard that is closed ends after them. */
  readonly letters: string;
  readonly isClosed?: boolean;
}

/** A stream of several shards, such as DynamoDB Local has none of. */
function aStream(shards: () => readonly Scripted[]) {
  const asked: string[] = [];
  let fails = 0;
  const shard = (id: string) => shards().find((one) => one.id === id);
  const stream: TableStream = {
    shards: async () => shards().map(({ id, parentId }) => ({ id, parentId })),
    iterator: async (id, from: Position) => {
      const after = from.kind === "AFTER_SEQUENCE_NUMBER" ? from.sequenceNumber : "";
      asked.push([id, from.kind, after].filter(Boolean).join(" "));
      const { letters = "" } = shard(id) ?? {};
      return `${id}:${after === "" ? 0 : letters.indexOf(after) + 1}`;
    },
    read: async (iterator) => {
      if (fails > 0) {
        fails -= 1;
        throw new Error("expired");
      }
      const [id = "", at = ""] = iterator.split(":");
      const { letters = "", isClosed = false } = shard(id) ?? {};
      const [letter] = letters.slice(Number(at));
      const next = letter === undefined ? Number(at) : Number(at) + 1;
      return {
        records: letter === undefined ? [] : [aRecord(letter)],
        next: isClosed && next === letters.length ? undefined : `${id}:${next}`,
      };
    },
  };
  return {
    stream,
    asked,
    failOnce: () => {
      fails = 1;
    },
  };
}

async function start(stream: TableStream, isDone: () => boolean = () => true) {
  const end = new AbortController();
  ending.push(end);
  const taken: string[] = [];
  const complaints: string[] = [];
  await follow({
    stream,
    take: async (_, records) => {
      taken.push(...records.map(sequenceNumberOf));
      return isDone();
    },
    signal: end.signal,
    complain: (text) => complaints.push(text),
  });
  return { taken, complaints };
}

async function until(holds: () => boolean): Promise<void> {
  for (let waited = 0; !holds() && waited < 10_000; waited += 20) await sleep(20);
  expect(holds()).toBe(true);
}

test("a shard that follows one that was closed is read after it, from its beginning", async () => {
  let closed = false;
  const { stream, asked } = aStream(() => [
    { id: "old", letters: "abc", isClosed: closed },
    ...(closed ? [{ id: "new", parentId: "old", letters: "def" }] : []),
  ]);
  const { taken } = await start(stream);
  await until(() => taken.length === 3);
  closed = true;

  await until(() => taken.length === 6);

  expect(taken.join("")).toBe("abcdef");
  expect(asked).toEqual(["old LATEST", "new TRIM_HORIZON"]);
});

test("all shards that there are at first are read", async () => {
  const { stream } = aStream(() => [
    { id: "one", letters: "abc" },
    { id: "other", letters: "xyz" },
  ]);
  const { taken } = await start(stream);
  await until(() => taken.length === 6);
  expect(taken.toSorted().join("")).toBe("abcxyz");
});

test("reading that failed goes on after the last record, and is told of", async () => {
  let letters = "ab";
  const { stream, asked, failOnce } = aStream(() => [{ id: "one", letters }]);
  const { taken, complaints } = await start(stream);
  await until(() => taken.length === 2);
  failOnce();
  await until(() => complaints.length === 1);
  letters = "abc";

  await until(() => taken.length === 3);

  expect(taken.join("")).toBe("abc");
  expect(asked).toEqual(["one LATEST", "one AFTER_SEQUENCE_NUMBER b"]);
  expect(complaints).toEqual([expect.stringContaining("expired")]);
});

test("what still waits at the end of a shard is asked for until it is done", async () => {
  let rounds = 0;
  const { stream } = aStream(() => [{ id: "one", letters: "a", isClosed: true }]);
  const { taken } = await start(stream, () => {
    rounds += 1;
    return rounds === 3;
  });
  await until(() => rounds === 3);
  await sleep(600);
  expect({ taken, rounds }).toEqual({ taken: ["a"], rounds: 3 });
});
