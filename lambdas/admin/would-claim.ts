import { isActive } from "../scim/active.ts";
import { printAttributePath, textAt, uniqueAttributes } from "../scim/attribute-path.ts";
import { comparableText } from "../scim/comparable.ts";
import { invalidValue, uniqueness } from "../scim/errors.ts";
import type { JsonObject } from "../scim/json.ts";
import type { Stored } from "../scim/stored.ts";
import { equals, findUsers } from "./find-users.ts";
import type { AdminPorts } from "./ports.ts";

/** What a dry run would have taken so far. */
export interface Claimed {
  /** What only one may have. */
  readonly values: Set<string>;
  /** How many seats of the tenant would be free, less than none where the limit was lowered; undefined where there are as many as are wanted. */
  seatsLeft: number | undefined;
}

/** How many seats one user takes, or gives back. */
export type Seats = -1 | 0 | 1;

interface DryRun {
  readonly users: AdminPorts["users"];
  readonly tenant: string;
  readonly claimed: Claimed;
}

/** What could be taken before the first row. */
export async function nothingClaimed(
  { seats }: Pick<AdminPorts, "seats">,
  tenant: string,
): Promise<Claimed> {
  const count = await seats.read(tenant);
  return { values: new Set(), seatsLeft: count && count.limit - count.taken };
}

/**
 * Answers how many seats writing `after` would take.
 * @throws ScimError as that would, as far as can be told without writing.
 */
export async function checkClaims(
  dryRun: DryRun,
  before: Stored | undefined,
  after: JsonObject,
): Promise<Seats> {
  await checkValues(dryRun, before, after);
  return checkSeat(dryRun.claimed, before, after);
}

async function checkValues(
  { users, tenant, claimed }: DryRun,
  before: Stored | undefined,
  after: JsonObject,
): Promise<void> {
  for (const path of uniqueAttributes(users.type)) {
    const value = textAt(after, path);
    if (value === undefined || (before && textAt(before.resource, path) === value)) continue;
    const name = printAttributePath(path);
    const found = await findUsers(users, tenant, equals(name, value));
    if (found?.some(({ id }) => id !== before?.id)) throw uniqueness(name, value);

    const claim = `${name} ${comparableText(path.attribute)(value)}`;
    if (claimed.values.has(claim)) throw uniqueness(name, value);
    claimed.values.add(claim);
  }
}

/** Who was active before keeps a seat, or is let keep going without one. */
function checkSeat(claimed: Claimed, before: Stored | undefined, after: JsonObject): Seats {
  if (claimed.seatsLeft === undefined) return 0;
  const wasActive = before !== undefined && isActive(before.resource);
  const willBeActive = isActive(after);
  if (wasActive === willBeActive) return 0;
  if (willBeActive && claimed.seatsLeft <= 0)
    throw invalidValue("No seat of this tenant would be left for this user.");
  const seats = willBeActive ? 1 : -1;
  claimed.seatsLeft -= seats;
  return seats;
}
