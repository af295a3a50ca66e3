import { asCommands } from "./as-commands.ts";
import type { TextStream } from "./command-context.ts";
import { shownTime } from "./durations.ts";
import { facts, table } from "./output.ts";

type Answer = Readonly<Record<string, unknown>>;

/** What the service says to people rather than to scripts: sentences, which stand below the facts. */
const prose = ["note", "advice", "inForce", "next"];

/** Went without saying, or is said by another. */
const unsaid = ["ok", "chosen"];

/**
 * An answer for people: a fact a line, what is within a fact with its name before it
 * (`seats.active`), lists as tables, and sentences at the end.
 */
export function answerFacts(out: TextStream, answer: Answer): string {
  const entries = flat(answer).filter(([name]) => !prose.includes(name));
  const lists = entries.filter(([, value]) => isList(value));
  const simple = entries.filter(([, value]) => !isList(value));
  return [
    facts(
      out,
      simple.map(([name, value]) => [name, shownValue(value)] as const),
    ),
    ...lists.map(([name, value]) => `${name}:\n${recordsTable(out, recordsIn(value))}`),
    ...prose.flatMap((name) => (answer[name] === undefined ? [] : [shownValue(answer[name])])),
  ].join("\n\n");
}

/** Records with a column for every name that any of them has. */
export function recordsTable(out: TextStream, records: readonly Answer[]): string {
  const rows = records.map((record) => new Map(flat(record)));
  const head = [...new Set(rows.flatMap((row) => [...row.keys()]))];
  return table(
    out,
    head,
    rows.map((row) => head.map((name) => shownValue(row.get(name)))),
  );
}

/** Names and values of an answer, what is within one with the names that lead to it. */
function flat(answer: Answer, before = ""): readonly (readonly [string, unknown])[] {
  return Object.entries(answer).flatMap(([name, value]) => {
    if (before === "" && unsaid.includes(name)) return [];
    const full = before === "" ? name : `${before}.${name}`;
    return isRecord(value) && !isChange(value) ? flat(value, full) : [[full, value] as const];
  });
}

/** A value for people: times as people write them, and texts without quotes. */
export function shownValue(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (Array.isArray(value)) return value.map(shownValue).join(", ") || "(none)";
  if (isTime(value)) return shownTime(value);
  if (isRecord(value) && isChange(value))
    return `${shownValue(value["from"]) || "(none)"} → ${shownValue(value["to"]) || "(none)"}`;
  return typeof value === "string" ? asCommands(value) : JSON.stringify(value);
}

const isTime = (value: unknown) =>
  typeof value === "string" && /^\d{4}-\d{2}-\d{2}T[\d:.]+(Z|[+-]\d{2}:\d{2})$/.test(value);

const isChange = (value: Answer) => Object.keys(value).toSorted().join() === "from,to";

const isList = (value: unknown) => recordsIn(value).length > 0;

/** What is a list of records; empty for anything else. */
export const recordsIn = (value: unknown): readonly Answer[] =>
  Array.isArray(value) ? value.filter(isRecord) : [];

const isRecord = (value: unknown): value is Answer =>
  typeof value === "object" && value !== null && !Array.isArray(value);
