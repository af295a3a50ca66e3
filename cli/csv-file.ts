import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { CsvError, parse } from "csv-parse/sync";
import { usageError } from "./command-error.ts";

/** A record of a CSV file, and the line on which it begins. */
export interface CsvRow {
  readonly line: number;
  readonly cells: readonly string[];
}

export interface CsvFile {
  readonly headers: readonly string[];
  readonly rows: readonly CsvRow[];
  /** By which a file that was changed is told from the one that was begun with. */
  readonly sha256: string;
}

/** Reads a CSV file whole. @throws CommandError that names every line at fault. */
export function readCsv(path: string): CsvFile {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    throw usageError(`${path} cannot be read: ${String(error)}.`);
  }
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  return { ...parseCsv(decoded(bytes, path), path), sha256 };
}

/** Cells are trimmed: a space that nobody sees makes another name of a name. */
export function parseCsv(text: string, path: string): Omit<CsvFile, "sha256"> {
  const [head, ...rows] = recordsOf(text, path);
  if (!head) throw usageError(`${path} is empty; its first line must name the columns.`);
  const width = head.cells.length;
  const uneven = rows.filter(({ cells }) => cells.length !== width);
  if (uneven.length > 0) throw usageError(unevenText(path, width, uneven));
  if (rows.length === 0) throw usageError(`${path} has no rows below the line of columns.`);
  return { headers: head.cells, rows };
}

/** What spreadsheets save as "Unicode text" is not UTF-8, and what they save as "CSV" often is neither. */
function decoded(bytes: Buffer, path: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw usageError(`${path} is not UTF-8; save it as "CSV UTF-8".`);
  }
}

function recordsOf(text: string, path: string): readonly CsvRow[] {
  try {
    const parsed = parse(text, {
      bom: true,
      delimiter: delimiterOf(text),
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
    });
    // With `info`, which the package's types do not know of.
    const records = parsed as unknown as readonly { record: string[]; info: { lines: number } }[];
    return records
      .map(({ record, info }) => ({
        line: info.lines - record.join("").split("\n").length + 1,
        cells: record.map((cell) => cell.trim()),
      }))
      .filter(({ cells }) => cells.some((cell) => cell !== ""));
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = typeof error["lines"] === "number" ? `, line ${error["lines"]}` : "";
    throw usageError(`${path}${line} is not CSV: ${error.message}.`);
  }
}

/** The one of which the line of columns has most, outside of quotes. */
function delimiterOf(text: string): string {
  const [head = ""] = text.replaceAll(/"[^"]*"/g, "").split(/\r?\n/, 1);
  const counted = [",", ";", "\t"].map((one) => ({ one, count: head.split(one).length }));
  return counted.toSorted((a, b) => b.count - a.count)[0]?.one ?? ",";
}

const mostShown = 10;

function unevenText(path: string, width: number, rows: readonly CsvRow[]): string {
  const shown = rows.slice(0, mostShown);
  const lines = shown.map(({ line, cells }) => `line ${line} has ${cells.length}`).join(", ");
  const more = rows.length > mostShown ? `, and ${rows.length - mostShown} more` : "";
  return `${path} has ${width} columns, but ${lines}${more}. Put a value that has the delimiter in it into quotes. Nothing was sent.`;
}
