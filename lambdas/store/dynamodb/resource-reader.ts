import type { Lookup, ResourceReader } from "../store.ts";
import { readStored } from "./items.ts";
import { claimKey, isId, type Kind, lookupPartition, resourceKey } from "./keys.ts";
import { readAll, readPage } from "./pages.ts";
import { getItem, getItems, queryPages } from "./read.ts";
import type { Table } from "./table.ts";

/** So many may share a value that is meant to tell them apart; to read more one by one costs more than to read all. */
const mostFound = 1000;

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
      if (ids.length > mostFound) return undefined;
      if (ids.length === 1) return [await get(tenant, ids[0] ?? "")].filter((one) => !!one);
      return getMany(table, tenant, kind, ids);
    },
    page: (tenant, startIndex, count) => readPage(table, tenant, kind, startIndex, count),
    each: (tenant, reading) => readAll(table, tenant, kind, reading),
  };
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
  for await (const page of queryPages(table, partition, { beginsWith: `${kind}#` })) {
    ids.push(...page.map((item) => String(item.sk).slice(kind.length + 1)));
    if (ids.length > mostFound) break;
  }
  return ids;
}
