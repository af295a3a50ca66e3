import type { Stored } from "../../scim/stored.ts";
import { type Page, pageBytes, type Reading } from "../store.ts";
import { readStored } from "./items.ts";
import { countsPartition, type Kind, resourcesPartition } from "./keys.ts";
import { queryPages } from "./read.ts";
import type { Table } from "./table.ts";

/** A page of resources of one kind, with the exact total. */
export async function readPage(
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
  for await (const stored of readAll(table, tenant, kind, { most: toSkip + count })) {
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

/** The users or groups of a tenant, or a part of them, in the order of their ids. */
export async function* readAll(
  table: Table,
  tenant: string,
  kind: Kind,
  { after, backward = false, most = largestLimit }: Reading = {},
): AsyncGenerator<Stored> {
  const beginsWith = `${kind}#`;
  const options = {
    beginsWith,
    limit: Math.min(most, largestLimit),
    after: after === undefined ? undefined : `${beginsWith}${after}`,
    backward,
  };
  for await (const page of queryPages(table, resourcesPartition(tenant, kind), options))
    for (const item of page) yield readStored(item);
}
