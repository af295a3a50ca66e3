import { setTimeout as sleep } from "node:timers/promises";
import { answerFaults } from "./checks.ts";
import { describeCall, type Journal } from "./journal.ts";
import { type JsonObject, parseJson } from "./json.ts";
import type { Exchange, Method, RawAnswer, Transport } from "./transport.ts";

export const kinds = [
  "probe",
  "match",
  "get",
  "create",
  "patch",
  "delete",
  "list",
  "check",
] as const;
export type Kind = (typeof kinds)[number];

export interface Call {
  readonly kind: Kind;
  readonly method: Method;
  readonly target: string;
  readonly body?: JsonObject;
  /** Another token than the run's. */
  readonly token?: string;
}

export interface Answer extends RawAnswer {
  /** The text as JSON, or `undefined`. */
  readonly body: unknown;
  /** An earlier try of this request got lost and may have taken effect. */
  readonly wasUnsure: boolean;
}

export interface ClientSettings {
  readonly transport: Transport;
  readonly token: string;
  readonly journal: Journal;
  /** Milliseconds since the epoch, after which no request is begun. */
  readonly deadline: number;
  /** Whether a 429 or 503 is waited for, or left to the next cycle. */
  readonly honoursRetryAfter: boolean;
}

/** The run as a whole cannot go on. */
export class RunStopped extends Error {
  override readonly name = "RunStopped";
}

const mostTries = 6;
const mostLostTries = 3;
const mostLostInARow = 50;
const longestWaitMs = 20_000;

/**
 * Sends a request as Entra does, waiting out 429 and 503 and repeating after a lost connection, each
 * a bounded number of times. A connection that stays lost is an answer with status 0.
 */
export function createClient(settings: ClientSettings): (call: Call) => Promise<Answer> {
  let lostInARow = 0;
  return async (call) => {
    let wasUnsure = false;
    for (let tries = 1; ; tries += 1) {
      if (Date.now() > settings.deadline) throw new RunStopped("the time for the whole run is up");

      const answer: Answer = { ...(await attempt(settings, call)), wasUnsure };
      lostInARow = answer.status === 0 ? lostInARow + 1 : 0;
      if (lostInARow > mostLostInARow) throw new RunStopped(`no answer any more: ${answer.text}`);
      const most = answer.status === 0 ? mostLostTries : mostTries;
      if (tries >= most || !isWorthWaiting(answer, settings)) return answer;

      wasUnsure ||= answer.status === 0;
      settings.journal.postponed(call, answer);
      await sleep(waitOf(answer, tries));
    }
  };
}

async function attempt(
  { transport, token, journal }: ClientSettings,
  call: Call,
): Promise<Omit<Answer, "wasUnsure">> {
  const begin = performance.now();
  const raw = await transport.exchange(exchangeOf(call, token)).catch(lostConnection);
  journal.timed(call.kind, performance.now() - begin);

  const answer = { ...raw, body: parseJson(raw.text) };
  for (const fault of answerFaults(answer)) journal.violated(fault, describeCall(call));
  return answer;
}

export const exchangeOf = (call: Call, token: string): Exchange => ({
  method: call.method,
  target: call.target,
  token: call.token ?? token,
  ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
});

const lostConnection = (error: unknown): RawAnswer => ({
  status: 0,
  contentType: undefined,
  retryAfter: undefined,
  text: error instanceof Error ? error.message || error.name : String(error),
});

function isWorthWaiting({ status }: RawAnswer, { honoursRetryAfter }: ClientSettings): boolean {
  return status === 0 || (honoursRetryAfter && (status === 429 || status === 503));
}

function waitOf({ retryAfter }: RawAnswer, tries: number): number {
  const asked = Number(retryAfter) * 1000;
  const own = 100 * 2 ** tries;
  return Math.min(Number.isFinite(asked) && asked > 0 ? asked : own, longestWaitMs);
}
