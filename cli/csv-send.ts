import { setTimeout as sleep } from "node:timers/promises";
import { CommandError, exitCodes } from "./command-error.ts";

interface OfLine {
  readonly line: number;
}

/** How the rows of a file are sent, many in one message. */
export interface Sending<Row extends OfLine, Done extends OfLine> {
  /** How many rows a message has. */
  readonly batch: number;
  /** Sends a message and gives what came of those of its rows that the service had time for. */
  readonly ask: (rows: readonly Row[]) => Promise<readonly Done[]>;
  /** Told of each message that was answered. */
  readonly onDone: (done: readonly Done[]) => void;
  /** Once it is aborted no further message is sent; those under way are waited for. */
  readonly signal: AbortSignal;
}

/** Each is an invocation of the one admin function, and the table is the customers' too. */
const atOnce = 3;
/** A row that is sent again finds what it made, so a message may fail or be lost as often as this in a row. */
const attempts = 5;

/**
 * Sends rows until something has come of each, or the signal comes.
 * @throws CommandError where the service refuses a message, or cannot be reached.
 */
export async function sendRows<Row extends OfLine, Done extends OfLine>(
  sending: Sending<Row, Done>,
  rows: readonly Row[],
): Promise<void> {
  const waiting = [...rows];
  let hasFailed = false;
  const send = async () => {
    while (waiting.length > 0 && !sending.signal.aborted && !hasFailed)
      await sendUntilDone(sending, waiting.splice(0, sending.batch)).catch((error: unknown) => {
        hasFailed = true;
        throw error;
      });
  };
  const sent = await Promise.allSettled(Array.from({ length: atOnce }, send));
  const rejected = sent.find((one) => one.status === "rejected");
  if (rejected) throw rejected.reason;
}

async function sendUntilDone<Row extends OfLine, Done extends OfLine>(
  { ask, onDone, signal }: Sending<Row, Done>,
  rows: readonly Row[],
): Promise<void> {
  let left = rows;
  let failures = 0;
  while (left.length > 0 && !signal.aborted) {
    const done = await ask(left).catch((error: unknown) => {
      if (!mayPass(error) || failures + 1 >= attempts) throw error;
      return [];
    });
    onDone(done);
    const reached = new Set(done.map(({ line }) => line));
    left = left.filter(({ line }) => !reached.has(line));
    failures = done.length > 0 ? 0 : failures + 1;
    if (failures >= attempts) throw notReached(left.length);
    if (failures > 0) await sleep(100 * 4 ** failures);
  }
}

const mayPass = (error: unknown) =>
  error instanceof CommandError && error.exitCode === exitCodes.failed;

const notReached = (count: number) =>
  new CommandError(
    exitCodes.failed,
    "notReached",
    `The service had no time for ${count} rows, ${attempts} times in a row; try again later.`,
  );
