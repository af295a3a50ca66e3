import type { Background } from "../store.ts";
import type { Table } from "./table.ts";

/** The work that waits in the table; it writes no more than so many units a second into one partition. */
export function backgroundWork(
  _table: Table,
  _options: { readonly writeUnitsPerSecond: number },
): Background {
  return { run: async () => ({ done: 0, left: false, failures: [] }) };
}
