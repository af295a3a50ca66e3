import { InvalidArgumentError } from "commander";

/** What of AWS's DynamoDB is to be met here: rates are shares of the calls, from 0 to 1. */
export interface Faults {
  /** Writes and transactions that are refused since another transaction is at the item. */
  readonly conflicts: number;
  /** Calls that are refused for want of capacity, or done in part only. */
  readonly throttling: number;
  /** Calls that are carried out, but whose answer is lost. */
  readonly lost: number;
  /** Milliseconds until an index shows a write. */
  readonly lag: number;
  /** The same seed troubles the same calls of a run, counted in the order of their coming. */
  readonly seed: number;
}

export const noFaults: Faults = { conflicts: 0, throttling: 0, lost: 0, lag: 0, seed: 1 };

const isRate = (value: number) => value >= 0 && value <= 1;
const isWhole = (value: number) => Number.isSafeInteger(value) && value >= 0;

const rules: Readonly<Record<keyof Faults, { allows: (value: number) => boolean; says: string }>> =
  {
    conflicts: { allows: isRate, says: "a rate from 0 to 1" },
    throttling: { allows: isRate, says: "a rate from 0 to 1" },
    lost: { allows: isRate, says: "a rate from 0 to 1" },
    lag: { allows: isWhole, says: "a whole number of milliseconds" },
    seed: { allows: isWhole, says: "a whole number" },
  };

/**
 * Reads `conflicts=0.2,lag=2000`.
 * @throws InvalidArgumentError that says what is wrong and what may be there.
 */
export function readFaults(text: string): Faults {
  const given = new Map<string, number>();
  for (const part of text.split(",")) {
    const [name = "", value = ""] = part.split("=").map((piece) => piece.trim());
    if (!isName(name))
      throw new InvalidArgumentError(
        `There is no fault ${JSON.stringify(name)}; there are ${Object.keys(rules).join(", ")}.`,
      );
    if (given.has(name)) throw new InvalidArgumentError(`${name} is given twice.`);
    const number = /^\d+(\.\d+)?$/.test(value) ? Number(value) : Number.NaN;
    if (!rules[name].allows(number))
      throw new InvalidArgumentError(
        `${name} must be ${rules[name].says}, not ${JSON.stringify(value)}.`,
      );
    given.set(name, number);
  }
  return { ...noFaults, ...Object.fromEntries(given) };
}

const isName = (name: string): name is keyof Faults => Object.hasOwn(rules, name);
