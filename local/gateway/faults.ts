import { createHash } from "node:crypto";
import { textOrEmpty } from "../json.ts";
import { type Answer, type Call, ConnectionLost, type Service } from "./exchange.ts";
import { inPart } from "./faults-batches.ts";
import { readDynamoDbCall, readOutput } from "./faults-call.ts";
import { laggingIndex } from "./faults-lag.ts";
import { conflict, type Dice, internalError, throttled } from "./faults-refusals.ts";
import type { Faults } from "./faults-spec.ts";

export interface TroubleInput {
  readonly faults: Faults;
  /** Other calls go through as they are. */
  readonly isTroubled: (call: Call) => boolean;
  /** The time in milliseconds. */
  readonly now: () => number;
}

/**
 * DynamoDB as it is on AWS on a bad day, in front of an engine that never has one. What happens to
 * a call depends on the seed and on how many came before it, and on nothing else.
 */
export function troubled(engine: Service, { faults, isTroubled, now }: TroubleInput): Service {
  const service = faults.lag > 0 ? laggingIndex(engine, faults.lag, now) : engine;
  const committed = rememberTokens();
  let calls = 0;

  return async (call) => {
    if (!isTroubled(call)) return engine(call);
    const dice = diceOf(faults.seed, calls++);
    const [isThrottled, isConflict, isLost] = [
      dice() < faults.throttling,
      dice() < faults.conflicts,
      dice() < faults.lost,
    ];

    const request = readDynamoDbCall(call);
    const token = textOrEmpty(request.input.ClientRequestToken);
    // A transaction that has been done is not done again when it is repeated, and so meets no other.
    const isRepeated = committed.has(token);
    const refusal = isConflict && !isRepeated ? conflict(request, dice) : undefined;
    if (refusal) return refusal;

    const part =
      isThrottled && dice() < 0.5 ? await inPart(service, call, request, dice) : undefined;
    if (isThrottled && !part) return throttled(request, dice, !isRepeated);
    const answer = part ?? (await service(call));
    if (answer.status === 200) committed.add(token);
    return isLost ? lose(answer, dice) : answer;
  };
}

/** What was done stays done, but the caller does not learn of it. */
async function lose(answer: Answer, dice: Dice): Promise<Answer> {
  await readOutput(answer);
  if (dice() < 0.5) throw new ConnectionLost();
  return internalError();
}

/** Mulberry32, begun anew for each call, so that it does not matter how many numbers another has used. */
function diceOf(seed: number, call: number): Dice {
  let state = createHash("sha256").update(`${seed} ${call}`).digest().readUInt32LE(0);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** DynamoDB knows a token for ten minutes; so many are more than are sent again. */
const mostTokens = 10_000;

function rememberTokens() {
  const tokens = new Set<string>();
  return {
    has: (token: string) => tokens.has(token),
    add: (token: string) => {
      if (token === "") return;
      tokens.add(token);
      const [oldest] = tokens;
      if (tokens.size > mostTokens && oldest !== undefined) tokens.delete(oldest);
    },
  };
}
