import type { TextStream } from "./command-context.ts";
import { shownTime } from "./durations.ts";
import { facts } from "./output.ts";

type Answer = Readonly<Record<string, unknown>>;

/** An answer for people, a fact a line; what is within a fact has its name before it, `seats.active`. */
export function answerFacts(out: TextStream, answer: Answer): string {
  return facts(
    out,
    flat(answer).map(([name, value]) => [name, shownValue(value)] as const),
  );
}

/** Names and values of an answer, but for `ok`, which went without saying, and for `next`, a hint for scripts. */
export function flat(answer: Answer, before = ""): readonly (readonly [string, unknown])[] {
  return Object.entries(answer).flatMap(([name, value]) => {
    if (before === "" && ["ok", "next"].includes(name)) return [];
    const full = before === "" ? name : `${before}.${name}`;
    return isRecord(value) ? flat(value, full) : [[full, value] as const];
  });
}

/** A value for people: times as people write them, and texts without quotes. */
export function shownValue(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (Array.isArray(value)) return value.map(shownValue).join(", ") || "(none)";
  if (isTime(value)) return shownTime(value);
  return typeof value === "string" ? value : JSON.stringify(value);
}

const isTime = (value: unknown) =>
  typeof value === "string" && /^\d{4}-\d{2}-\d{2}T[\d:.]+(Z|[+-]\d{2}:\d{2})$/.test(value);

const isRecord = (value: unknown): value is Answer =>
  typeof value === "object" && value !== null && !Array.isArray(value);
