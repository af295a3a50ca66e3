import { type Answer, type Call, exchangeOf } from "./client.ts";
import type { Random } from "./random.ts";
import type { Transport } from "./transport.ts";

/** How often, of all writes, something goes wrong on the way. */
export interface FaultRates {
  /** The answer gets lost and the request is sent again. */
  readonly drop: number;
  /** The request arrives twice, one after the other. */
  readonly repeat: number;
  /** The request arrives twice at the same time. */
  readonly race: number;
  /** The connection breaks in the middle of the body, then the request is sent whole. */
  readonly abort: number;
}

export const noFaults: FaultRates = { drop: 0, repeat: 0, race: 0, abort: 0 };

/** `answer` is what Entra acts on; `others` are answers to the same request that it never saw. */
export interface Reply {
  readonly answer: Answer;
  readonly others: readonly Answer[];
}

export type Send = (call: Call) => Promise<Reply>;

export interface FaultSettings {
  readonly send: (call: Call) => Promise<Answer>;
  readonly transport: Transport;
  readonly token: string;
  readonly rates: FaultRates;
  readonly random: Random;
}

/** Sends requests over a line that fails as often as told; reads are left alone. */
export function withFaults({ send, transport, token, rates, random }: FaultSettings): Send {
  return async (call) => {
    const fault = call.method === "GET" ? undefined : drawFault(rates, random);
    switch (fault) {
      case undefined:
        return { answer: await send(call), others: [] };
      case "drop": {
        const lost = await send(call);
        return { answer: await send(call), others: [lost] };
      }
      case "repeat": {
        const answer = await send(call);
        return { answer, others: [await send(call)] };
      }
      case "race": {
        const [one, two] = await Promise.all([send(call), send(call)]);
        return one.status < 300 ? { answer: one, others: [two] } : { answer: two, others: [one] };
      }
      case "abort":
        await transport.abort(exchangeOf(call, token));
        return { answer: afterAbort(call, await send(call)), others: [] };
    }
  };
}

/** Half a body must have no effect; a request without a body may have had its effect. */
const afterAbort = (call: Call, answer: Answer): Answer =>
  call.body === undefined ? { ...answer, wasUnsure: true } : answer;

function drawFault(rates: FaultRates, random: Random): keyof FaultRates | undefined {
  const at = random.next();
  if (at < rates.drop) return "drop";
  if (at < rates.drop + rates.repeat) return "repeat";
  if (at < rates.drop + rates.repeat + rates.race) return "race";
  return at < rates.drop + rates.repeat + rates.race + rates.abort ? "abort" : undefined;
}

/**
 * `drop`, `repeat=0.2,abort=0.01`: a name alone means one write in ten.
 * @throws Error if a name or rate makes no sense.
 */
export function readFaultRates(text: string): FaultRates {
  const given = text.split(",").map((part): [string, number] => {
    const [name = "", rate = "0.1"] = part.trim().split("=");
    return [name, Number(rate)];
  });
  for (const [name, rate] of given) {
    if (!(name in noFaults)) throw new Error(`unknown fault "${name}": drop, repeat, race, abort`);
    if (!(rate >= 0 && rate <= 1)) throw new Error(`the rate of "${name}" is not between 0 and 1`);
  }

  const rates = { ...noFaults, ...Object.fromEntries(given) };
  if (rates.drop + rates.repeat + rates.race + rates.abort > 1) {
    throw new Error("the rates of the faults come to more than 1");
  }
  return rates;
}
