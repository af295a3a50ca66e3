import { usageError } from "./command-error.ts";
import { type Mapped, plain, quotedList } from "./csv-columns.ts";
import type { CsvFile } from "./csv-file.ts";

/** By which attribute a sync finds users here. */
export const matchedOn = ["userName", "externalId", "emails.value"] as const;
export type MatchedOn = (typeof matchedOn)[number];

/** One user of the sync, by what it would send. */
export interface SyncedRow {
  readonly line: number;
  readonly key: string;
  readonly userName?: string;
  readonly externalId?: string;
  readonly email?: string;
}

const fields = ["userName", "externalId", "email"] as const;
type Field = (typeof fields)[number];

/** What the Entra admin center's download of users calls them, and what others do. */
const headersOf: Readonly<Record<Field, readonly string[]>> = {
  userName: ["userprincipalname", "username", "upn"],
  externalId: ["externalid", "objectid", "id"],
  email: ["mail", "email", "emailaddress"],
};

const keyFields: Readonly<Record<MatchedOn, Field>> = {
  userName: "userName",
  externalId: "externalId",
  "emails.value": "email",
};

/** The users of a file that was downloaded from Entra. @throws CommandError where it has no column to match by. */
export function syncedRows(
  { headers, rows }: Pick<CsvFile, "headers" | "rows">,
  on: MatchedOn,
  map: Mapped,
): readonly SyncedRow[] {
  const columns = new Map(fields.map((field) => [field, columnOf(headers, field, map)]));
  checkMapping(headers, map);
  const keyField = keyFields[on];
  if (columns.get(keyField) === undefined)
    throw usageError(
      `No column stands for ${keyField}, by which the sync matches. Name it with --map "column=${keyField}"; the columns are ${quotedList(headers)}.`,
    );
  return rows.map(({ line, cells }) => {
    const held = fields.flatMap((field) => {
      const value = cells[columns.get(field) ?? -1] ?? "";
      return value === "" ? [] : [[field, value] as const];
    });
    const values: Partial<Record<Field, string>> = Object.fromEntries(held);
    return { line, key: values[keyField] ?? "", ...values };
  });
}

/** Where the column of a field is: the one that is mapped to it, else the first of its usual names. */
function columnOf(headers: readonly string[], field: Field, map: Mapped): number | undefined {
  const mapped = [...map].find(([, to]) => to.toLowerCase() === field.toLowerCase());
  const names = mapped ? [plain(mapped[0])] : headersOf[field];
  const found = names.map((name) => headers.findIndex((header) => plain(header) === name));
  return found.find((at) => at >= 0);
}

function checkMapping(headers: readonly string[], map: Mapped): void {
  for (const [header, field] of map) {
    if (!headers.some((one) => plain(one) === plain(header)))
      throw usageError(`There is no column "${header}"; there are ${quotedList(headers)}.`);
    if (!fields.some((one) => one.toLowerCase() === field.toLowerCase()))
      throw usageError(
        `"${field}" is nothing that a match looks at; map columns to ${quotedList(fields)}.`,
      );
  }
}
