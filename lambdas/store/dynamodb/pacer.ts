import type { Table } from "./table.ts";

/** Keeps writes into one partition key below a rate. */
export interface Pacer {
  /** Tells of so many write units, and waits until they are within the rate. */
  spent(units: number): Promise<void>;
}

/** A partition key takes 1,000 write units a second, of which background work leaves the most to requests. */
export function pacer(table: Table, unitsPerSecond: number): Pacer {
  let free = table.now().getTime();
  return {
    spent: async (units) => {
      const now = table.now().getTime();
      free = Math.max(free, now) + (units / unitsPerSecond) * 1000;
      await table.sleep(free - now);
    },
  };
}
