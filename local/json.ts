import { LocalRunError } from "./failure.ts";

export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

export interface JsonObject {
  readonly [name: string]: Json | undefined;
}

/** The text as JSON. @throws SyntaxError where it is none. */
export function readJson(text: string): Json {
  const value: Json = JSON.parse(text);
  return value;
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The text, or nothing where it is none. */
export const textOrEmpty = (value: Json | undefined): string =>
  typeof value === "string" ? value : "";

/** `what` names the thing to the person who reads that it is not as it should be. */
export function readObject(value: Json | undefined, what: string): JsonObject {
  if (isObject(value)) return value;
  throw new LocalRunError(`${what} should be an object.`);
}

export function readText(value: Json | undefined, what: string): string {
  if (typeof value === "string") return value;
  throw new LocalRunError(`${what} should be a string.`);
}

export function readNumber(value: Json | undefined, what: string): number {
  if (typeof value === "number") return value;
  throw new LocalRunError(`${what} should be a number.`);
}

/** A list; a single value counts as a list of one, absence as an empty one. */
export function readList(value: Json | undefined): readonly Json[] {
  if (value === undefined || value === null) return [];
  // Array.isArray does not narrow a readonly array.
  return Array.isArray(value) ? (value as readonly Json[]) : [value];
}

export function readTexts(value: Json | undefined, what: string): readonly string[] {
  return readList(value).map((element) => readText(element, `Each of ${what}`));
}
