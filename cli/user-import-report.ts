import type { TextStream } from "./command-context.ts";
import { reasonHeader } from "./csv-columns.ts";
import { writeCsv } from "./csv-write.ts";
import { table } from "./output.ts";
import type { ImportedRow } from "./user-import-rows.ts";
import type { Done } from "./user-import-state.ts";

export interface Report {
  readonly tenant: string;
  readonly dryRun: boolean;
  readonly counts: Readonly<Record<string, number>>;
  readonly refused: readonly Refused[];
  /** Where the refused rows are written. */
  readonly path: string;
}

const outcomes = ["created", "updated", "unchanged", "refused", "ambiguous", "duplicateRow"];
const imported = new Set(["created", "updated", "unchanged"]);

export function countsOf(done: ReadonlyMap<number, Done>): Report["counts"] {
  const all = [...done.values()];
  return Object.fromEntries(
    outcomes.map((one) => [one, all.filter(({ outcome }) => outcome === one).length]),
  );
}

/** Beside the file: `users.refused.csv` for `users.csv`. */
export const refusedPath = (path: string): string => `${path.replace(/\.csv$/i, "")}.refused.csv`;

/** A row that was not imported, with its cells as they came. */
export interface Refused extends Done {
  readonly cells: readonly string[];
}

/** In the order of their lines. */
export const refusedOf = (
  rows: readonly ImportedRow[],
  done: ReadonlyMap<number, Done>,
): readonly Refused[] =>
  rows.flatMap(({ line, cells }) => {
    const one = done.get(line);
    return !one || imported.has(one.outcome) ? [] : [{ ...one, cells }];
  });

/** Writes rows in the columns in which they came, with the reasons, so that they can be corrected and imported. */
export function writeRefused(
  path: string,
  headers: readonly string[],
  refused: readonly Refused[],
): void {
  const reasonAt = headers.indexOf(reasonHeader);
  const without = (cells: readonly string[]) => cells.filter((_, at) => at !== reasonAt);
  const lines = refused.map(({ cells, detail, outcome }) => [...without(cells), detail ?? outcome]);
  writeCsv(path, [...without(headers), reasonHeader], lines);
}

const mostShown = 10;

/** What became of the file, for people. */
export function reportText(out: TextStream, { dryRun, counts, refused }: Report): string {
  const head = [dryRun ? "would be" : "outcome", "rows"];
  const rows = outcomes.map((one) => [one, String(counts[one] ?? 0)]);
  const parts = [table(out, head, rows)];
  const shown = refused
    .slice(0, mostShown)
    .map(({ line, outcome, detail }) => [String(line), outcome, detail ?? ""]);
  if (shown.length > 0) parts.push(table(out, ["line", "outcome", "why"], shown));
  if (refused.length > mostShown) parts.push(`… and ${refused.length - mostShown} more`);
  return parts.join("\n\n");
}
