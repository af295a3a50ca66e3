import { BatchGetCommand, GetCommand, QueryCommand } from "@aws-sdk/lib-dynamodb";
import { tooMany, unavailable } from "../../scim/errors.ts";
import type { Stored } from "../../scim/stored.ts";
import type { Lookup, Page, ResourceReader } from "../store.ts";
import { readStored } from "./items.ts";
import {
  claimKey,
  countsPartition,
  isId,
  type Key,
  type Kind,
  lookupPartition,
  resourceKey,
  resourcesPartition,
} from "./keys.ts";
import type { Table } from "./table.ts";
import { backOff } from "./transact.ts";

/** So many may share a value that is meant to tell them apart. */
const mostFound = 1000;

type Item = Readonly<Record<string, unknown>>;

/** Reads users or groups, strongly consistently. */
export function resourceReader(table: Table, kind: Kind): ResourceReader {
  const get = async (tenant: string, id: string) => {
    if (!isId(id)) return undefined;
    const item = await getItem(table, resourceKey(tenant, kind, id));
    return item && readStored(item);
  };

  return {
    get,
    find: async (tenant, lookup) => {
      const ids = await idsOf(table, tenant, kind, lookup);
      if (ids.length > mostFound)
        throw tooMany(
          `More than ${mostFound} resources have this ${lookup.attribute}; filter by another.`,
        );
      if (ids.length === 1) return [await get(tenant, ids[0] ?? "")].filter((one) => !!one);
      return getMany(table, tenant, kind, ids);
    },
    page: (tenant, startIndex, count) => readPage(table, tenant, kind, startIndex, count),
    each: (tenant) => readAll(table, tenant, kind),
  };
}

/** One item, strongly consistently. */
export async function getItem(table: Table, key: Key): Promise<Item | undefined> {
  const command = new GetCommand({ TableName: table.name, Key: key, ConsistentRead: true });
  return (await table.db.send(command)).Item;
}

/** All items of a partition whose sort key begins so, page by page, strongly consistently. */
export async function* queryPages(
  table: Table,
  pk: string,
  { beginsWith, limit }: { beginsWith?: string; limit?: number } = {},
): AsyncGenerator<readonly Item[]> {
  const begins = beginsWith ? " AND begins_with(sk, :sk)" : "";
  let after: Record<string, unknown> | undefined;
  do {
    const page = await table.db.send(
      new QueryCommand({
        TableName: table.name,
        ConsistentRead: true,
        KeyConditionExpression: `pk = :pk${begins}`,
        ExpressionAttributeValues: beginsWith ? { ":pk": pk, ":sk": beginsWith } : { ":pk": pk },
        ExclusiveStartKey: after,
        Limit: limit,
      }),
    );
    yield page.Items ?? [];
    after = page.LastEvaluatedKey;
  } while (after);
}

/** More would wait for each other's connections, and longer than they may. */
const batchesAtOnce = 10;

/** The items that exist of `keys`, in no order. */
export async function getItems(
  table: Table,
  keys: readonly Key[],
  options: { consistent: boolean; only?: string },
): Promise<readonly Item[]> {
  const batches = Array.from({ length: Math.ceil(keys.length / 100) }, (_, at) =>
    keys.slice(at * 100, at * 100 + 100),
  );
  const found: Item[] = [];
  for (let at = 0; at < batches.length; at += batchesAtOnce) {
    const some = batches.slice(at, at + batchesAtOnce);
    const items = await Promise.all(some.map((batch) => getBatch(table, batch, options)));
    found.push(...items.flat());
  }
  return found;
}

async function getBatch(
  table: Table,
  keys: readonly Key[],
  { consistent, only }: { consistent: boolean; only?: string },
): Promise<readonly Item[]> {
  const found: Item[] = [];
  let missing: Record<string, unknown>[] = keys.map((key) => ({ ...key }));
  for (let attempt = 0; missing.length > 0; attempt++) {
    if (attempt === 8) throw unavailable("The store is busy; send this again.", 2);
    if (attempt > 0) await backOff(table, attempt);
    const request = { Keys: missing, ConsistentRead: consistent, ProjectionExpression: only };
    const answer = await table.db.send(
      new BatchGetCommand({ RequestItems: { [table.name]: request } }),
    );
    found.push(...(answer.Responses?.[table.name] ?? []));
    missing = answer.UnprocessedKeys?.[table.name]?.Keys ?? [];
  }
  return found;
}

async function getMany(table: Table, tenant: string, kind: Kind, ids: readonly string[]) {
  const keys = ids.map((id) => resourceKey(tenant, kind, id));
  const items = await getItems(table, keys, { consistent: true });
  return items.map(readStored).toSorted((one, other) => (one.id < other.id ? -1 : 1));
}

const lookupKinds = {
  externalId: "EXTERNALID",
  "emails.value": "EMAIL",
  displayName: "GROUPNAME",
} as const;

async function idsOf(
  table: Table,
  tenant: string,
  kind: Kind,
  { attribute, value }: Lookup,
): Promise<readonly string[]> {
  if (attribute === "id") return [value];
  if (attribute === "userName") {
    const claim = await getItem(table, claimKey(tenant, "USERNAME", value));
    // Only a create or a rename writes the claim, with its user's id.
    return claim ? [claim.id as string] : [];
  }
  const partition = lookupPartition(tenant, lookupKinds[attribute], value);
  const ids: string[] = [];
  for await (const page of queryPages(table, partition, { beginsWith: `${kind}#` }))
    ids.push(...page.map((item) => String(item.sk).slice(kind.length + 1)));
  return ids;
}

/** A function answers at most 6 MB, in which every quotation mark of the body takes two bytes or more. */
const pageBytes = 2_500_000;

async function readPage(
  table: Table,
  tenant: string,
  kind: Kind,
  startIndex: number,
  count: number,
): Promise<Page> {
  const total = countAll(table, tenant, kind);
  // What lies behind the last one need not be read to be known as empty.
  if (count === 0 || (startIndex > 1 && (await total) < startIndex))
    return { totalResults: await total, resources: [] };
  const [totalResults, resources] = await Promise.all([
    total,
    readFrom(table, tenant, kind, startIndex, count),
  ]);
  return { totalResults, resources };
}

async function readFrom(
  table: Table,
  tenant: string,
  kind: Kind,
  startIndex: number,
  count: number,
): Promise<readonly Stored[]> {
  const resources: Stored[] = [];
  let toSkip = startIndex - 1;
  let bytes = 0;
  for await (const stored of readAll(table, tenant, kind, toSkip + count)) {
    if (toSkip-- > 0) continue;
    bytes += JSON.stringify(stored.resource).length;
    if (bytes > pageBytes && resources.length > 0) break;
    resources.push(stored);
    if (resources.length === count) break;
  }
  return resources;
}

async function countAll(table: Table, tenant: string, kind: Kind): Promise<number> {
  let total = 0;
  for await (const page of queryPages(table, countsPartition(tenant), { beginsWith: `${kind}S#` }))
    for (const shard of page) total += Number(shard.total);
  return total;
}

/** A query reads 1 MB at most, whatever its limit. */
const largestLimit = 1000;

async function* readAll(
  table: Table,
  tenant: string,
  kind: Kind,
  most = largestLimit,
): AsyncGenerator<Stored> {
  const options = { beginsWith: `${kind}#`, limit: Math.min(most, largestLimit) };
  for await (const page of queryPages(table, resourcesPartition(tenant, kind), options))
    for (const item of page) yield readStored(item);
}
