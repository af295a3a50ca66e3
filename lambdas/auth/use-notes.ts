import { boundedMap } from "./bounded-map.ts";
import type { Principal } from "./principal.ts";
import { type Failure, type TokenUse, type TokenUseStore, useNotedMs } from "./token-use.ts";

/** How a request ended, as far as it matters to an operator. */
export type Outcome =
  | { readonly kind: "success" }
  | { readonly kind: "failure"; readonly failure: Failure }
  /** Such as a look for what is not there: it says nothing of how provisioning goes. */
  | { readonly kind: "neither" };

/** Notes who uses the service, and how that goes. */
export interface UseNotes {
  /** To be called when a request begins; what it gives, when its answer stands. Neither of them ever fails. */
  begin(principal: Principal): (outcome: Outcome) => Promise<void>;
}

export interface UseNotesInput {
  readonly uses: TokenUseStore;
  /** The time in milliseconds. */
  readonly clock: () => number;
  /** Is told what kept a use from being noted, for the log. */
  readonly report?: (error: unknown) => void;
  /** How long an answer waits at most for what is noted of it. */
  readonly patienceMs?: number;
}

/** Failures are written at most so often, for each token. */
const failureNotedMs = 60_000;

/** After a note that could not be written, the next one is tried so much later. */
const afterFailureMs = 30_000;

const mostTokens = 1000;

/** What this function instance knows of a token. */
interface Seen {
  nextUse: number;
  nextFailure: number;
  hasSucceeded: boolean;
  /** What came since the last note, and goes with the next one. */
  unwritten: TokenUse;
}

/**
 * Notes the use of tokens: at most every 5 minutes for each token and function instance, beside what
 * the request itself does, and at once for an instance's first success, and for a failure at most
 * once a minute. An answer waits 150 ms for it at most.
 */
export function tokenUseNotes(input: UseNotesInput): UseNotes {
  const { uses, clock, report, patienceMs = 150 } = input;
  const known = boundedMap<Seen>(mostTokens);
  const nowText = () => new Date(clock()).toISOString();

  return {
    begin: ({ tenant, credential }) => {
      if (credential.kind !== "token") return async () => undefined;
      const seen = seenOf(known, `${tenant} ${credential.id}`);
      const given = new AbortController();
      const keep = async (use: TokenUse) => {
        try {
          await uses.keep(tenant, credential.id, use, given.signal);
        } catch (error) {
          seen.nextUse = Math.min(seen.nextUse, clock() + afterFailureMs);
          seen.unwritten = { ...use, ...seen.unwritten, usedAt: undefined };
          report?.(error);
        }
      };

      const writes: Promise<void>[] = [];
      if (clock() >= seen.nextUse) {
        seen.nextUse = clock() + useNotedMs;
        writes.push(keep({ ...takeUnwritten(seen), usedAt: nowText() }));
      }
      return async (outcome) => {
        const news = newsOf(outcome, nowText());
        seen.unwritten = { ...seen.unwritten, ...news };
        if (isDue(seen, outcome, clock())) writes.push(keep(takeUnwritten(seen)));
        await settled(writes, patienceMs);
        given.abort();
      };
    },
  };
}

function seenOf(known: ReturnType<typeof boundedMap<Seen>>, key: string): Seen {
  const seen = known.get(key) ?? { nextUse: 0, nextFailure: 0, hasSucceeded: false, unwritten: {} };
  known.set(key, seen);
  return seen;
}

function takeUnwritten(seen: Seen): TokenUse {
  const { unwritten } = seen;
  seen.unwritten = {};
  return unwritten;
}

function newsOf(outcome: Outcome, now: string): TokenUse {
  switch (outcome.kind) {
    case "success":
      return { succeededAt: now };
    case "failure":
      return { failedAt: now, failure: outcome.failure };
    case "neither":
      return {};
  }
}

/** Whether an outcome is written at once; it takes its turn by that. */
function isDue(seen: Seen, { kind }: Outcome, now: number): boolean {
  if (kind === "success" && !seen.hasSucceeded) {
    seen.hasSucceeded = true;
    return true;
  }
  if (kind !== "failure" || now < seen.nextFailure) return false;
  seen.nextFailure = now + failureNotedMs;
  return true;
}

/** Waits until all is written, but not for long. */
async function settled(writes: readonly Promise<void>[], patienceMs: number): Promise<void> {
  if (writes.length === 0) return;
  const { promise: timeUp, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, patienceMs);
  await Promise.race([Promise.all(writes), timeUp]);
  clearTimeout(timer);
}
