import { isDeepStrictEqual } from "node:util";
import {
  ConditionalCheckFailedException,
  TransactionConflictException,
} from "@aws-sdk/client-dynamodb";
import { PutCommand } from "@aws-sdk/lib-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import { Conflict, invalidValue, uniqueness } from "../../scim/errors.ts";
import type { JsonObject } from "../../scim/json.ts";
import type { Stored } from "../../scim/stored.ts";
import type { UserStore } from "../store.ts";
import { countWrite, emailsOf, lookupWrites, textOf, userLookups } from "./indexing.ts";
import { checkSize, toItem } from "./items.ts";
import { claimKey, resourceKey, sweepKey, tombstoneKey } from "./keys.ts";
import { resourceReader } from "./resource-reader.ts";
import { formatVersion, type Table } from "./table.ts";
import { Refused, transact, type Write } from "./transact.ts";
import { claimWrite, deleteVersion, putNew, putOver, releaseWrite } from "./writes.ts";

/** Users in the table (RFC 7643, section 4.1). */
export function userStore(table: Table): UserStore {
  return {
    ...resourceReader(table, "USER"),
    create: (tenant, user) => create(table, tenant, user),
    replace: (tenant, before, after) => replace(table, tenant, before, after),
    delete: (tenant, before) => remove(table, tenant, before),
  };
}

const mostEmails = 40;

function checkUser(user: JsonObject): void {
  checkSize(user, "user");
  if (new Set(emailsOf(user)).size > mostEmails)
    throw invalidValue(`emails has more than ${mostEmails} values; send fewer.`);
}

async function create(table: Table, tenant: string, user: JsonObject): Promise<Stored> {
  checkUser(user);
  const now = table.now().toISOString();
  const id = table.newId();
  const stored = { id, resource: user, version: 1, created: now, lastModified: now };
  const userName = textOf(user, "userName");
  const claim = claimWrite(table, claimKey(tenant, "USERNAME", userName), id);

  await transactUser(table, claim, userName, [
    claim,
    putNew(table, toItem(tenant, "USER", stored)),
    ...lookupWrites(table, [], userLookups(tenant, id, user)),
    countWrite(table, tenant, "USER", id, 1),
  ]);
  return stored;
}

async function replace(
  table: Table,
  tenant: string,
  before: Stored,
  after: JsonObject,
): Promise<Stored> {
  checkUser(after);
  const { id, version, created } = before;
  const stored: Stored = {
    id,
    resource: after,
    created,
    version: version + 1,
    lastModified: table.now().toISOString(),
  };
  const oldName = claimKey(tenant, "USERNAME", textOf(before.resource, "userName"));
  const newName = claimKey(tenant, "USERNAME", textOf(after, "userName"));
  const claim = claimWrite(table, newName, id);
  // `bob` renamed to `BOB` keeps its claim.
  const claims = oldName.pk === newName.pk ? [] : [claim, releaseWrite(table, oldName, before.id)];
  const lookups = lookupWrites(
    table,
    userLookups(tenant, id, before.resource),
    userLookups(tenant, id, after),
  );
  const put = putOver(table, toItem(tenant, "USER", stored), version);

  if (claims.length + lookups.length === 0) await putAlone(table, put);
  else await transactUser(table, claim, textOf(after, "userName"), [put, ...claims, ...lookups]);
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

const tombstoneDays = 30;

async function remove(table: Table, tenant: string, before: Stored): Promise<void> {
  const { id, resource, version } = before;
  const deletedAt = table.now();
  const expiresAt = Math.floor(deletedAt.getTime() / 1000) + tombstoneDays * 86_400;
  const marks = { v: formatVersion, deletedAt: deletedAt.toISOString() };

  await transactUser(table, undefined, "", [
    deleteVersion(table, resourceKey(tenant, "USER", id), version),
    releaseWrite(table, claimKey(tenant, "USERNAME", textOf(resource, "userName")), id),
    ...lookupWrites(table, userLookups(tenant, id, resource), []),
    countWrite(table, tenant, "USER", id, -1),
    put(table, { ...tombstoneKey(tenant, id), ...marks, ...before, expiresAt }),
    put(table, { ...sweepKey(tenant, "USER", id), ...marks }),
  ]);
}

const put = (table: Table, item: Record<string, unknown>): Write => ({
  Put: { TableName: table.name, Item: item },
});

async function transactUser(
  table: Table,
  claim: Write | undefined,
  userName: string,
  writes: readonly Write[],
): Promise<void> {
  try {
    await transact(table, writes);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    if (claim && error.refused.has(claim)) throw uniqueness("userName", userName);
    throw new Conflict();
  }
}
