import type { Cost } from "./meter.ts";
import { assumed, prices } from "./prices.ts";

const { perMillion } = prices;

/** What a million requests of this cost are charged, in dollars. */
export function pricePerMillion(cost: Cost): number {
  const { request, roundTrip } = assumed.milliseconds;
  const seconds = (request + roundTrip * cost.roundTrips) / 1000;
  return perMillion.requests + lambdaPerMillion(seconds) + logsPerMillion() + storePerMillion(cost);
}

/** A million invocations of so many seconds each. */
export const lambdaPerMillion = (seconds: number): number =>
  perMillion.invocations + seconds * 1e6 * assumed.memoryGb * prices.perGbSecond;

/** What a million invocations write to the logs. */
export const logsPerMillion = (): number => ((assumed.logBytes * 1e6) / 1e9) * prices.perGbOfLogs;

const storePerMillion = ({ readUnits, writeUnits, indexWriteUnits }: Cost): number =>
  readUnits * perMillion.readUnits + (writeUnits + indexWriteUnits) * perMillion.writeUnits;
