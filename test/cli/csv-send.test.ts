import { expect, test } from "@jest/globals";
import { CommandError, exitCodes } from "../../cli/command-error.ts";
import { sendRows } from "../../cli/csv-send.ts";

interface Row {
  readonly line: number;
}

const rowsOf = (count: number): readonly Row[] =>
  Array.from({ length: count }, (_, at) => ({ line: at + 2 }));

/** Sends rows, 10 in a message, to whom `ask` plays; tells what was done and how often was asked. */
async function sent(
  rows: readonly Row[],
  ask: (rows: readonly Row[], call: number) => Promise<readonly Row[]>,
  stop = new AbortController(),
) {
  const done: Row[] = [];
  let calls = 0;
  const sending = {
    batch: 10,
    ask: (some: readonly Row[]) => ask(some, ++calls),
    onDone: (some: readonly Row[]) => void done.push(...some),
    signal: stop.signal,
  };
  const error: unknown = await sendRows(sending, rows).then(
    () => undefined,
    (thrown) => thrown,
  );
  return { lines: done.map(({ line }) => line).toSorted((a, b) => a - b), calls, error };
}

const failure = (exitCode: typeof exitCodes.failed | typeof exitCodes.refused) =>
  new CommandError(exitCode, "x", "x");
const lines = (count: number) => rowsOf(count).map(({ line }) => line);

test("each row is sent once, in as few messages as may be", async () => {
  const { lines: done, calls } = await sent(rowsOf(25), async (rows) => rows);
  expect(done).toEqual(lines(25));
  expect(calls).toBe(3);
});

test("rows that there was no time for are sent again, and no others", async () => {
  const asked: number[][] = [];
  const { lines: done } = await sent(rowsOf(10), async (rows) => {
    asked.push(rows.map(({ line }) => line));
    return rows.slice(0, 6);
  });
  expect(done).toEqual(lines(10));
  expect(asked.map(({ length }) => length)).toEqual([10, 4]);
});

test("a message whose answer was lost is sent again", async () => {
  const {
    lines: done,
    calls,
    error,
  } = await sent(rowsOf(10), async (rows, call) => {
    if (call === 1) throw failure(exitCodes.failed);
    return rows;
  });
  expect({ done, calls, error }).toEqual({ done: lines(10), calls: 2, error: undefined });
});

test("what is refused is not sent again, and nothing after it; what was done is kept", async () => {
  const {
    lines: done,
    calls,
    error,
  } = await sent(rowsOf(100), async (rows, call) => {
    if (call === 2) throw failure(exitCodes.refused);
    return rows;
  });
  expect(error).toMatchObject({ exitCode: exitCodes.refused });
  expect(calls).toBeLessThanOrEqual(4);
  expect(done).toHaveLength((calls - 1) * 10);
});

test("once it is asked to stop, what is under way is brought to its end and nothing is begun", async () => {
  const stop = new AbortController();
  const { lines: done, calls } = await sent(
    rowsOf(100),
    async (rows) => {
      stop.abort();
      return rows;
    },
    stop,
  );
  expect(done).toHaveLength(calls * 10);
  expect(calls).toBeLessThanOrEqual(3);
});
