import { isObject, type JsonObject, own } from "../json.ts";
import type { Report } from "./faults.ts";

/** What a member of a document may hold, and the words that ask for it. */
export interface Kind<T> {
  readonly expected: string;
  /** Undefined if `value` is something else. */
  readonly read: (value: unknown) => T | undefined;
}

export const flag: Kind<boolean> = {
  expected: "true or false",
  read: (value) => (typeof value === "boolean" ? value : undefined),
};

export const list: Kind<readonly unknown[]> = {
  expected: "a list",
  read: (value) => (Array.isArray(value) ? value : undefined),
};

/** Text for people: something, on one line, no longer than `most` characters. */
export const text = (most: number): Kind<string> => ({
  expected: `a text of 1 to ${most} characters without line breaks`,
  read: (value) => (isLine(value) && value.length <= most ? value : undefined),
});

/** A list of texts, at least one of them. */
export const texts: Kind<readonly string[]> = {
  expected: `a list of 1 to 200 texts of 1 to 200 characters`,
  read: (value) => {
    if (!Array.isArray(value) || value.length === 0 || value.length > 200) return undefined;
    return value.every((one) => isLine(one) && one.length <= 200) ? value : undefined;
  },
};

/** One of `words`, spelt as they are. */
export const oneOf = <const T extends string>(words: readonly T[]): Kind<T> => ({
  expected: `one of ${words.map((word) => `"${word}"`).join(", ")}`,
  read: (value) => words.find((word) => word === value),
});

/** The member `name`, or undefined if it is left out or was reported to be something else. */
export function optional<T>(
  object: JsonObject,
  name: string,
  kind: Kind<T>,
  report: Report,
): T | undefined {
  const value = own(object, name);
  if (value === undefined) return undefined;
  const read = kind.read(value);
  if (read === undefined) report(`"${name}" is ${shown(value)}; write ${kind.expected}`);
  return read;
}

/** The member `name`, or undefined if it was reported to be missing or something else. */
export function needed<T>(
  object: JsonObject,
  name: string,
  kind: Kind<T>,
  report: Report,
): T | undefined {
  if (own(object, name) === undefined) report(`"${name}" is missing; write ${kind.expected}`);
  return optional(object, name, kind, report);
}

/** Reports each member of `object` that none of `known` is: a typo would otherwise mean nothing. */
export function checkMembers(object: JsonObject, known: readonly string[], report: Report): void {
  for (const name of Object.keys(object)) {
    if (!known.includes(name))
      report(`${shown(name)} is no member that is known here; those are ${known.join(", ")}`);
  }
}

/** `value` as a fault names it, on one line. */
export function shown(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : "a list";
  if (isObject(value)) return "an object";
  if (typeof value !== "string") return String(value);
  return JSON.stringify(value.length > 100 ? `${value.slice(0, 100)}…` : value);
}

function isLine(value: unknown): value is string {
  // oxlint-disable-next-line no-control-regex -- these are what a line must not hold
  return typeof value === "string" && value.trim() !== "" && !/[\u0000-\u001f\u007f]/.test(value);
}
