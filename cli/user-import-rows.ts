import type { Admin } from "./admin-function.ts";
import { CommandError, exitCodes, usageError } from "./command-error.ts";
import { type Column, columnsOf, type Mapped, quotedList } from "./csv-columns.ts";
import type { CsvFile, CsvRow } from "./csv-file.ts";
import { recordsIn } from "./facts.ts";

/** What is to be imported of a file. */
export interface ImportedRows {
  readonly columns: readonly Column[];
  readonly rows: readonly ImportedRow[];
  /** Lines that mean the same user, of which nobody can tell which is right; they are not sent. */
  readonly doubled: ReadonlyMap<number, string>;
}

export interface ImportedRow {
  readonly line: number;
  readonly cells: readonly string[];
  /** The row by attribute paths, as the service takes it. */
  readonly values: Readonly<Record<string, string>>;
}

export interface Reading {
  readonly tenant: string;
  readonly key: string;
  readonly map: Mapped;
  readonly ignoreUnknownColumns: boolean;
}

/** Asks the service which columns it knows, before anything is sent. @throws CommandError for those it does not. */
export async function readRows(
  admin: Admin,
  { headers, rows }: CsvFile,
  reading: Reading,
): Promise<ImportedRows> {
  const { tenant, key, map } = reading;
  const all = columnsOf(headers, map);
  const paths = all.map(({ path }) => path);
  if (paths.some((path) => path === "")) throw usageError("A column has no name.");
  const answer = await admin({ action: "user.columns", tenant, key, columns: paths });
  const faults = new Map(
    recordsIn(answer["faults"]).map(({ column, fault }) => [String(column), String(fault)]),
  );
  const columns = all.filter(({ path }) => !faults.has(path));
  const wrong = all.filter(
    ({ path, header }) => faults.has(path) && !(reading.ignoreUnknownColumns && !map.has(header)),
  );
  if (wrong.length > 0) throw unknownColumns(wrong, faults);

  const keyed = columns.filter(({ path }) => says(path, key));
  if (keyed.length === 0)
    throw usageError(
      `No column stands for ${key}, by which users are found. Name it with --map, or choose another --key. The columns are ${quotedList(headers)}.`,
    );
  return {
    columns,
    rows: rows.map((row) => ({ ...row, values: valuesOf(columns, row) })),
    doubled: doubledIn(rows, keyed, key),
  };
}

function unknownColumns(wrong: readonly Column[], faults: ReadonlyMap<string, string>) {
  const lines = wrong.map(({ header, path }) => {
    const as = header === path ? "" : ` (as ${path})`;
    return `  "${header}"${as}: ${faults.get(path)}`;
  });
  return new CommandError(
    exitCodes.usage,
    "unknownColumns",
    `These columns cannot be imported; nothing was sent.\n${lines.join("\n")}\nGive them their attributes with --map "column=attribute", or leave them out with --ignore-unknown-columns.`,
  );
}

/** `emails` is said by each of the columns that hold an address. */
const says = (path: string, key: string): boolean => {
  const [said, wanted] = [path.toLowerCase(), key.toLowerCase()];
  return said === wanted || said.startsWith(`${wanted}[`);
};

/** An empty cell says nothing. */
const valuesOf = (columns: readonly Column[], { cells }: CsvRow) =>
  Object.fromEntries(
    columns.flatMap(({ at, path }) => {
      const cell = cells[at] ?? "";
      return cell === "" ? [] : [[path, cell] as const];
    }),
  );

function doubledIn(
  rows: readonly CsvRow[],
  keyed: readonly Column[],
  key: string,
): ReadonlyMap<number, string> {
  const isExact = ["externalid", "id"].includes(key.toLowerCase());
  const linesOf = new Map<string, Set<number>>();
  for (const { line, cells } of rows)
    for (const { at } of keyed) {
      const value = (cells[at] ?? "").normalize("NFC");
      const folded = isExact ? value : value.toLowerCase();
      if (value !== "") linesOf.set(folded, (linesOf.get(folded) ?? new Set()).add(line));
    }
  return new Map(
    [...linesOf.values()]
      .filter(({ size }) => size > 1)
      .flatMap((lines) => {
        const detail = `Lines ${someOf([...lines])} have the same ${key}; only one may.`;
        return [...lines].map((line) => [line, detail] as const);
      }),
  );
}

const mostNamed = 10;

/** In a column of which most rows have the same filler, a line is one of thousands. */
const someOf = (lines: readonly number[]): string =>
  lines.length > mostNamed
    ? `${lines.slice(0, mostNamed).join(", ")} and ${lines.length - mostNamed} more`
    : lines.join(", ");
