import { InvalidArgumentError } from "commander";

/** What of AWS is to be met here: rates are shares of the calls to DynamoDB, from 0 to 1. */
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
  /** How Secrets Manager fares: it fails, takes no more calls, or answers later than anyone waits. */
  readonly secrets: SecretsState;
}

type SecretsState = (typeof secretsStates)[number];
const secretsStates = ["up", "down", "throttled", "slow"] as const;

export const noFaults: Faults = {
  conflicts: 0,
  throttling: 0,
  lost: 0,
  lag: 0,
  seed: 1,
  secrets: "up",
};

/** Whether DynamoDB is as it always is here. */
export const isStoreWell = ({ conflicts, throttling, lost, lag }: Faults): boolean =>
  conflicts + throttling + lost + lag === 0;

const isRate = (value: number) => value >= 0 && value <= 1;
const isWhole = (value: number) => Number.isSafeInteger(value) && value >= 0;

/** How a value is read, undefined for one that may not be, and what may be there. */
interface Rule {
  readonly read: (text: string) => number | SecretsState | undefined;
  readonly says: string;
}

const number =
  (allows: (value: number) => boolean) =>
  (text: string): number | undefined =>
    /^\d+(\.\d+)?$/.test(text) && allows(Number(text)) ? Number(text) : undefined;

const rate: Rule = { read: number(isRate), says: "a rate from 0 to 1" };

const rules: Readonly<Record<keyof Faults, Rule>> = {
  conflicts: rate,
  throttling: rate,
  lost: rate,
  lag: { read: number(isWhole), says: "a whole number of milliseconds" },
  seed: { read: number(isWhole), says: "a whole number" },
  secrets: {
    read: (text) => secretsStates.find((state) => state === text),
    says: `one of ${secretsStates.join(", ")}`,
  },
};

/**
 * Reads `conflicts=0.2,lag=2000,secrets=down`.
 * @throws InvalidArgumentError that says what is wrong and what may be there.
 */
export function readFaults(text: string): Faults {
  const given = new Map<string, number | SecretsState>();
  for (const part of text.split(",")) {
    const [name = "", value = ""] = part.split("=").map((piece) => piece.trim());
    if (!isName(name))
      throw new InvalidArgumentError(
        `There is no fault ${JSON.stringify(name)}; there are ${Object.keys(rules).join(", ")}.`,
      );
    if (given.has(name)) throw new InvalidArgumentError(`${name} is given twice.`);
    const read = rules[name].read(value);
    if (read === undefined)
      throw new InvalidArgumentError(
        `${name} must be ${rules[name].says}, not ${JSON.stringify(value)}.`,
      );
    given.set(name, read);
  }
  return { ...noFaults, ...Object.fromEntries(given) };
}

const isName = (name: string): name is keyof Faults => Object.hasOwn(rules, name);
