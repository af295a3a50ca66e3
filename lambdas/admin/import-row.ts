import type { TenantSettings } from "../auth/tenant-settings.ts";
import { created, patched } from "../resources/decide.ts";
import { Conflict, ScimError, unavailable } from "../scim/errors.ts";
import type { JsonObject } from "../scim/json.ts";
import type { Stored } from "../scim/stored.ts";
import { patchOpUrn } from "../scim/urns.ts";
import { equals, findUsers, namesOf, userNameOf } from "./find-users.ts";
import type { Key, Row } from "./import-key.ts";
import type { AdminPorts } from "./ports.ts";
import { type Claimed, checkClaims, type Seats } from "./would-claim.ts";

/** What is the same for all rows of a message. */
export interface Importing {
  readonly users: AdminPorts["users"];
  readonly tenant: string;
  readonly settings: TenantSettings;
  readonly key: Key;
  /** What rows before would have taken; undefined where they are written. */
  readonly dryRun: Claimed | undefined;
}

/** What became of a row, or in a dry run would. */
export interface RowOutcome {
  readonly outcome:
    | "created"
    | "updated"
    | "unchanged"
    | "refused"
    | "ambiguous"
    | "duplicateRow"
    | "notReached";
  readonly id?: string;
  readonly userName?: string | undefined;
  readonly detail?: string;
  /** Of a dry run where seats are limited: who sends several messages adds them up. */
  readonly seats?: Seats;
}

const attempts = 5;

/** @throws ScimError where the row is refused, 503 where it is to be sent again. */
export async function importRow(importing: Importing, row: Row): Promise<RowOutcome> {
  for (let attempt = 1; attempt <= attempts; attempt++) {
    try {
      return await importOnce(importing, row);
    } catch (error) {
      const isRetried = attempt === 1 && !importing.dryRun && isTaken(error);
      if (!(error instanceof Conflict) && !isRetried) throw error;
      // Another was first: perhaps this very message, whose answer was lost.
    }
  }
  throw unavailable("Others change this user at the same time; send it again.", 1);
}

const isTaken = (error: unknown) => error instanceof ScimError && error.scimType === "uniqueness";

async function importOnce(importing: Importing, row: Row): Promise<RowOutcome> {
  const { users, tenant, settings, key, dryRun } = importing;
  const found = await usersOf(importing, row);
  if (!found || found.length > 1) return ambiguous(key, found);
  const [before] = found;
  if (!before && key.isId) return { outcome: "refused", detail: "No user has this id." };

  const after = userOf(importing, row, before);
  if (before && after === before.resource) return outcomeOf("unchanged", before);

  const outcome = before ? "updated" : "created";
  if (dryRun) {
    const seats = await checkClaims({ users, tenant, claimed: dryRun }, before, after);
    const userName = userNameOf(after);
    return { outcome, ...(before && { id: before.id }), userName, ...(seats !== 0 && { seats }) };
  }
  const stored = before
    ? await users.store.replace(tenant, before, after, settings)
    : await users.store.create(tenant, after, settings);
  return outcomeOf(outcome, stored);
}

/** Those who have what the row has by its key; undefined where they are too many to tell. */
async function usersOf(
  { users, tenant, key }: Importing,
  row: Row,
): Promise<readonly Stored[] | undefined> {
  const found = new Map<string, Stored>();
  for (const value of key.valuesIn(row)) {
    const having = await findUsers(users, tenant, equals(key.name, value));
    if (!having) return undefined;
    for (const user of having) found.set(user.id, user);
  }
  return [...found.values()];
}

/**
 * What the row makes of a user, or of none. Its text is read as Entra's is, "False" for false, also
 * where a tenant's requests must keep to the RFCs. An empty cell says nothing.
 */
function userOf({ users, settings, key }: Importing, row: Row, before: Stored | undefined) {
  const asker = { principal: { settings: { ...settings, strictness: "entra" } } } as const;
  const Operations = Object.entries(row)
    .filter(([path, value]) => value !== "" && !(key.isId && path.toLowerCase() === "id"))
    .map(([path, value]) => ({ op: "replace", path, value }));
  const body = { schemas: [patchOpUrn], Operations };
  if (before) return patched(users, asker, before.resource, body);
  const nothing: JsonObject = {};
  return created(users, asker, patched(users, asker, nothing, body));
}

function ambiguous({ name }: Key, found: readonly Stored[] | undefined): RowOutcome {
  const who = found ? `${found.length} users have` : "Too many users have";
  const names = found ? `: ${namesOf(found)}` : "";
  return { outcome: "ambiguous", detail: `${who} this ${name}${names}. Import by another key.` };
}

const outcomeOf = (outcome: RowOutcome["outcome"], { id, resource }: Stored): RowOutcome => ({
  outcome,
  id,
  userName: userNameOf(resource),
});
