import { isDeepStrictEqual } from "node:util";
import {
  ConditionalCheckFailedException,
  TransactionConflictException,
} from "@aws-sdk/client-dynamodb";
import { PutCommand } from "@aws-sdk/lib-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import { Conflict } from "../../scim/errors.ts";
import type { JsonObject } from "../../scim/json.ts";
import type { ResourceType } from "../../scim/schema.ts";
import type { Stored } from "../../scim/stored.ts";
import type { DeleteRules, ResourceStore, WriteRules } from "../store.ts";
import { claimsBetween, claimsOf, transactClaiming } from "./claims.ts";
import { countWrite, externalIdLookups, lookupWrites } from "./indexing.ts";
import { checkSize, toItem } from "./items.ts";
import { type Key, kindOf, resourceKey } from "./keys.ts";
import { resourceReader } from "./resource-reader.ts";
import type { SeatMove, seatMove } from "./seat-moves.ts";
import type { Table } from "./table.ts";
import type { Write } from "./transact.ts";
import { deleteVersion, putNew, putOver } from "./writes.ts";

/** What one type keeps beside what all do. */
export interface Keeping {
  readonly type: ResourceType;
  /** @throws ScimError 400 for what is more than one resource may hold. */
  readonly check: (resource: JsonObject) => void;
  readonly lookups: (tenant: string, id: string, resource: JsonObject) => readonly Key[];
  /** What a write does about the tenant's seats, where the type has any. */
  readonly seats?: typeof seatMove;
  /** What a delete leaves of the resource. */
  readonly remains: (
    table: Table,
    tenant: string,
    before: Stored,
    rules: DeleteRules,
  ) => readonly Write[];
}

/** The resources of one type in the table. */
export function resourceStore(table: Table, type: ResourceType): ResourceStore {
  return storeKeeping(table, {
    type,
    check: (resource) => checkSize(resource, type.name),
    lookups: (tenant, id, resource) => externalIdLookups(tenant, kindOf(type), id, resource),
    remains: () => [],
  });
}

/** The same, with what a type keeps of its own. */
export function storeKeeping(table: Table, keeping: Keeping): ResourceStore {
  return {
    ...resourceReader(table, keeping.type),
    create: (tenant, resource, rules) => create(table, keeping, tenant, resource, rules),
    replace: (tenant, before, after, rules) =>
      replace(table, keeping, tenant, { before, after }, rules),
    delete: (tenant, before, rules) => remove(table, keeping, tenant, before, rules),
  };
}

async function create(
  table: Table,
  keeping: Keeping,
  tenant: string,
  resource: JsonObject,
  rules: WriteRules,
): Promise<Stored> {
  keeping.check(resource);
  const now = table.now().toISOString();
  const stored = { id: table.newId(), resource, version: 1, created: now, lastModified: now };
  return make(table, keeping, tenant, stored, rules, []);
}

/**
 * Writes a resource that is not there, with all that is kept beside it, and gives what is stored.
 * @throws ScimError 400 where all seats are taken.
 * @throws Conflict where it is there, or a condition of `others` does not hold.
 */
export async function make(
  table: Table,
  { type, lookups, seats = noSeats }: Pick<Keeping, "type" | "lookups" | "seats">,
  tenant: string,
  made: Stored,
  rules: WriteRules,
  others: readonly Write[],
): Promise<Stored> {
  const { id, resource } = made;
  const kind = kindOf(type);
  const { write, ...seat } = seats(table, tenant, { after: resource }, rules);
  const stored = { ...made, ...seat };
  const claims = { taken: claimsOf(tenant, type, resource), released: [], seat: write };
  await transactClaiming(table, id, claims, [
    putNew(table, toItem(tenant, kind, stored)),
    ...lookupWrites(table, [], lookups(tenant, id, resource)),
    countWrite(table, tenant, kind, id, 1),
    ...others,
  ]);
  return stored;
}

const noSeats = (): SeatMove => ({});

async function replace(
  table: Table,
  { type, check, lookups, seats = noSeats }: Keeping,
  tenant: string,
  { before, after }: { readonly before: Stored; readonly after: JsonObject },
  rules: WriteRules,
): Promise<Stored> {
  check(after);
  const { id, version, created } = before;
  const lastModified = table.now().toISOString();
  const { write: seat, ...seated } = seats(table, tenant, { before, after }, rules);
  const own = { id, resource: after, created, version: version + 1, lastModified };
  const stored: Stored = { ...own, ...seated };
  const claims = claimsBetween(
    claimsOf(tenant, type, before.resource),
    claimsOf(tenant, type, after),
  );
  const others = lookupWrites(
    table,
    lookups(tenant, id, before.resource),
    lookups(tenant, id, after),
  );
  const put = putOver(table, toItem(tenant, kindOf(type), stored), before);

  const isAlone = !seat && claims.taken.length + claims.released.length + others.length === 0;
  if (isAlone) await putAlone(table, put);
  else await transactClaiming(table, id, { ...claims, seat }, [put, ...others]);
  return stored;
}

async function putAlone(table: Table, { Put }: ReturnType<typeof putOver>): Promise<void> {
  try {
    await table.db.send(new PutCommand(Put));
  } catch (error) {
    if (error instanceof TransactionConflictException) throw new Conflict();
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    // After a lost answer the client sends a write again, and meets what it wrote itself.
    const held = error.Item && unmarshall(error.Item);
    if (!isDeepStrictEqual(held, Put.Item)) throw new Conflict();
  }
}

async function remove(
  table: Table,
  { type, lookups, remains, seats = noSeats }: Keeping,
  tenant: string,
  before: Stored,
  rules: DeleteRules,
): Promise<void> {
  const { id, resource } = before;
  const kind = kindOf(type);
  const released = claimsOf(tenant, type, resource);
  const { write: seat } = seats(table, tenant, { before }, {});
  await transactClaiming(table, id, { taken: [], released, seat }, [
    deleteVersion(table, resourceKey(tenant, kind, id), before),
    ...lookupWrites(table, lookups(tenant, id, resource), []),
    countWrite(table, tenant, kind, id, -1),
    ...remains(table, tenant, before, rules),
  ]);
}
