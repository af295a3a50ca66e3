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
import type { DeleteRules, ResourceStore } from "../store.ts";
import { claimsBetween, claimsOf, transactClaiming } from "./claims.ts";
import { countWrite, externalIdLookups, lookupWrites } from "./indexing.ts";
import { checkSize, toItem } from "./items.ts";
import { type Key, kindOf, resourceKey } from "./keys.ts";
import { resourceReader } from "./resource-reader.ts";
import type { Table } from "./table.ts";
import type { Write } from "./transact.ts";
import { deleteVersion, putNew, putOver } from "./writes.ts";

/** What one type keeps beside what all do. */
export interface Keeping {
  readonly type: ResourceType;
  /** @throws ScimError 400 for what is more than one resource may hold. */
  readonly check: (resource: JsonObject) => void;
  readonly lookups: (tenant: string, id: string, resource: JsonObject) => readonly Key[];
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
    create: (tenant, resource) => create(table, keeping, tenant, resource),
    replace: (tenant, before, after) => replace(table, keeping, tenant, before, after),
    delete: (tenant, before, rules) => remove(table, keeping, tenant, before, rules),
  };
}

async function create(
  table: Table,
  { type, check, lookups }: Keeping,
  tenant: string,
  resource: JsonObject,
): Promise<Stored> {
  check(resource);
  const now = table.now().toISOString();
  const stored = { id: table.newId(), resource, version: 1, created: now, lastModified: now };
  await make(table, { type, lookups }, tenant, stored, []);
  return stored;
}

/**
 * Writes a resource that is not there, with all that is kept beside it.
 * @throws Conflict where it is there, or a condition of `others` does not hold.
 */
export async function make(
  table: Table,
  { type, lookups }: Pick<Keeping, "type" | "lookups">,
  tenant: string,
  stored: Stored,
  others: readonly Write[],
): Promise<void> {
  const { id, resource } = stored;
  const kind = kindOf(type);
  await transactClaiming(table, id, { taken: claimsOf(tenant, type, resource), released: [] }, [
    putNew(table, toItem(tenant, kind, stored)),
    ...lookupWrites(table, [], lookups(tenant, id, resource)),
    countWrite(table, tenant, kind, id, 1),
    ...others,
  ]);
}

async function replace(
  table: Table,
  { type, check, lookups }: Keeping,
  tenant: string,
  before: Stored,
  after: JsonObject,
): Promise<Stored> {
  check(after);
  const { id, version, created } = before;
  const lastModified = table.now().toISOString();
  const stored: Stored = { id, resource: after, created, version: version + 1, lastModified };
  const claims = claimsBetween(
    claimsOf(tenant, type, before.resource),
    claimsOf(tenant, type, after),
  );
  const others = lookupWrites(
    table,
    lookups(tenant, id, before.resource),
    lookups(tenant, id, after),
  );
  const put = putOver(table, toItem(tenant, kindOf(type), stored), version);

  const isAlone = claims.taken.length + claims.released.length + others.length === 0;
  if (isAlone) await putAlone(table, put);
  else await transactClaiming(table, id, claims, [put, ...others]);
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
  { type, lookups, remains }: Keeping,
  tenant: string,
  before: Stored,
  rules: DeleteRules,
): Promise<void> {
  const { id, resource, version } = before;
  const kind = kindOf(type);
  const released = claimsOf(tenant, type, resource);
  await transactClaiming(table, id, { taken: [], released }, [
    deleteVersion(table, resourceKey(tenant, kind, id), version),
    ...lookupWrites(table, lookups(tenant, id, resource), []),
    countWrite(table, tenant, kind, id, -1),
    ...remains(table, tenant, before, rules),
  ]);
}
