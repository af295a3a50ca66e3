import type { Admin } from "./admin-function.ts";
import type { Done } from "./user-import-state.ts";

/** How many seats of the tenant are free, less than none where the limit was lowered; undefined where it has none. */
export async function freeSeats(admin: Admin, tenant: string): Promise<number | undefined> {
  const { seats } = await admin({ action: "tenant.show", tenant });
  if (seats === undefined) return undefined;
  const { limit, taken } = Object(seats);
  return Number(limit) - Number(taken);
}

/**
 * What a dry run of several messages comes to: each counts the free seats for itself, and here they
 * are given in the order of the file.
 */
export function seated(
  done: ReadonlyMap<number, Done>,
  free: number | undefined,
): ReadonlyMap<number, Done> {
  if (free === undefined) return done;
  let left = free;
  const inOrder = [...done.values()].toSorted((one, other) => one.line - other.line);
  return new Map(inOrder.map((one) => [one.line, give(one)]));

  function give(one: Done): Done {
    const { line, seats = 0 } = one;
    if (seats > 0 && left <= 0) return { line, outcome: "refused", detail: noSeat };
    left -= seats;
    return one;
  }
}

const noSeat = "No seat of this tenant would be left for this user.";
