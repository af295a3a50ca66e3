import type { JsonObject } from "../../lambdas/scim/json.ts";
import { patchOpUrn } from "../../lambdas/scim/urns.ts";
import type { Directory } from "./directory.ts";
import type { Sent } from "./service.ts";

/** What an operation may cost at most. */
export interface Budget {
  readonly roundTrips: number;
  readonly readUnits: number;
  /** With those of the index. */
  readonly writeUnits: number;
}

/** A page of docs/ that says why an operation costs more than the design has it. */
export type Page = "decisions/0005-names-in-memberships-are-read";

/** A request whose cost is measured. */
export interface Operation {
  readonly title: string;
  /** What the design allows, where it says. */
  readonly budget?: Budget;
  /** What it may cost instead, and which page says why. */
  readonly differs?: Budget & { readonly page: Page };
  /** What it is answered, if not 200. */
  readonly status?: number;
  /** How many of its transactions meet another one at an item. */
  readonly conflicts?: number;
  /** Whether nothing is known of the tenant when the request comes. */
  readonly isCold?: boolean;
  /** How many users of the tenant may be active, if there is a limit. */
  readonly seatLimit?: number;
  /** Fills a tenant of its own, and gives the request. */
  readonly prepare: (directory: Directory) => Promise<Sent>;
}

export const budget = (roundTrips: number, readUnits: number, writeUnits: number): Budget => ({
  roundTrips,
  readUnits,
  writeUnits,
});

/** A budget that a page of docs/ states instead of the design's. */
export const by = (page: Page, ...units: Parameters<typeof budget>) => ({
  ...budget(...units),
  page,
});

/** The body of a PATCH. */
export const patchOf = (...operations: readonly JsonObject[]): JsonObject => ({
  schemas: [patchOpUrn],
  Operations: operations,
});

export const replacing = (path: string, value: string) => ({ op: "Replace", path, value });

export const adding = (ids: readonly string[]) => ({
  op: "Add",
  path: "members",
  value: ids.map((value) => ({ value })),
});

/** The id of a new user who is in so many new groups. */
export async function aMemberOf(directory: Directory, groups: number) {
  const user = await directory.addUser();
  for (let at = 0; at < groups; at++) await directory.addGroup([user.id]);
  return user;
}
