import { ScimError } from "../scim/errors.ts";
import { columnFault, typeOfColumns } from "./import-columns.ts";
import { type Key, type Row, readKey } from "./import-key.ts";
import { type Importing, importRow, type RowOutcome } from "./import-row.ts";
import { mostCharacters } from "./messages/users.ts";
import type { Message } from "./messages.ts";
import type { AdminPorts } from "./ports.ts";
import { beginningMs, sideBySide } from "./side-by-side.ts";
import { livingTenant } from "./tenant-entry.ts";
import { nothingClaimed } from "./would-claim.ts";

const atOnce = 8;

/** What became of a row; `row` counts from 0. */
export type RowResult = RowOutcome & { readonly row: number };

/**
 * Makes users of rows of text, or changes those that are there, as a client's requests would. Each
 * row stands for itself, and one that is sent again finds what it made: rows that were not reached,
 * or whose answer was lost, are sent again.
 */
export async function importUsers(ports: AdminPorts, message: Message<"user.import">) {
  const { tenant, key: keyName, rows, dryRun = false } = message;
  const { users, clock } = ports;
  const until = clock() + beginningMs;
  const { settings } = await livingTenant(ports, tenant);

  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const type = typeOfColumns(users, settings, columns);
  const key = readKey(keyName, type);
  const faults = new Map(columns.map((column) => [column, columnFault(column, type, key)]));
  const doubled = doubledIn(rows, key);
  const claimed = dryRun ? await nothingClaimed(ports, tenant) : undefined;
  const importing: Importing = { users, tenant, settings, key, dryRun: claimed };

  const outcomes = await sideBySide(rows, { atOnce, until, clock }, (row, at) => {
    const refusal = doubled.get(at) ?? faultIn(row, faults) ?? keylessIn(row, key);
    return refusal ?? ports.inTime(() => importRow(importing, row)).catch(outcomeOf);
  });
  const results: readonly RowResult[] = outcomes.map((outcome = notReached, row) => ({
    row,
    ...outcome,
  }));
  return { tenant, dryRun, counts: countsOf(results), results };
}

const notReached: RowOutcome = {
  outcome: "notReached",
  detail: "There was no time left for it; send it again.",
};

/** What a refusal says of its row; it is open what was done where the store took too long. */
function outcomeOf(error: unknown): RowOutcome {
  if (!(error instanceof ScimError)) throw error;
  const outcome = error.status === 503 || error.status === 429 ? "notReached" : "refused";
  return { outcome, detail: error.detail };
}

/** Of rows that mean the same user nobody can tell which is right. */
function doubledIn(rows: readonly Row[], key: Key): ReadonlyMap<number, RowOutcome> {
  const rowsOf = new Map<string, Set<number>>();
  for (const [at, row] of rows.entries())
    for (const value of key.valuesIn(row)) {
      const folded = key.folded(value);
      rowsOf.set(folded, (rowsOf.get(folded) ?? new Set()).add(at));
    }
  const doubled = [...rowsOf.values()].filter(({ size }) => size > 1);
  return new Map(
    doubled.flatMap((group) => {
      const detail = `Rows ${[...group].join(", ")} of this message have the same ${key.name}.`;
      return [...group].map((at) => [at, { outcome: "duplicateRow", detail }] as const);
    }),
  );
}

function faultIn(
  row: Row,
  faults: ReadonlyMap<string, string | undefined>,
): RowOutcome | undefined {
  const [first] = Object.entries(row).flatMap(([column, text]) => {
    const fault = faults.get(column);
    if (fault !== undefined) return [`The column "${column}" cannot be imported. ${fault}`];
    const isLong = text.length > mostCharacters;
    return isLong ? [`"${column}" has more than ${mostCharacters} characters.`] : [];
  });
  return first === undefined ? undefined : { outcome: "refused", detail: first };
}

function keylessIn(row: Row, key: Key): RowOutcome | undefined {
  if (key.valuesIn(row).length > 0) return undefined;
  return { outcome: "refused", detail: `It has no ${key.name}, by which users are found.` };
}

const outcomes = [
  "created",
  "updated",
  "unchanged",
  "refused",
  "ambiguous",
  "duplicateRow",
  "notReached",
] as const;

const countsOf = (results: readonly RowResult[]) =>
  Object.fromEntries(
    outcomes.map((one) => [one, results.filter(({ outcome }) => outcome === one).length]),
  );
