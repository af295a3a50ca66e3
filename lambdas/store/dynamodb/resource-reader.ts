import type { ResourceType } from "../../scim/schema.ts";
import type { Lookup, ResourceReader } from "../store.ts";
import { claimKeyOf } from "./claims.ts";
import { readStored } from "./items.ts";
import { isId, type Kind, kindOf, lookupPartition, resourceKey } from "./keys.ts";
import { readPage } from "./pages.ts";
import { readAll } from "./places.ts";
import { getItem, getItems, queryPages } from "./read.ts";
import type { Table } from "./table.ts";

/** So many may share a value that is meant to tell them apart; to read more one by one costs more than to read all. */
export const mostFound = 1000;

/** Reads resources of one type, strongly consistently. */
export function resourceReader(table: Table, type: ResourceType): ResourceReader {
  const kind = kindOf(type);
  const get = async (tenant: string, id: string) => {
    if (!isId(id)) return undefined;
    const item = await getItem(table, resourceKey(tenant, kind, id));
    return item && readStored(item);
  };

  return {
    get,
    find: async (tenant, lookup, foretell) => {
      const ids = await idsOf(table, tenant, type, lookup);
      if (ids.length > mostFound) return undefined;
      foretell?.(ids);
      if (ids.length === 1) return [await get(tenant, ids[0] ?? "")].filter((one) => !!one);
      return getMany(table, tenant, kind, ids);
    },
    page: async (tenant, startIndex, count) => {
      const page = await readPage({ table, tenant, kinds: [kind], count }, startIndex);
      return { totalResults: page.totalResults, resources: page.parts.flat() };
    },
    list: kind,
    pageOver: (tenant, lists, startIndex, count) =>
      // Only readers of this table name lists, and each by its kind.
      readPage({ table, tenant, kinds: lists as readonly Kind[], count }, startIndex),
    each: (tenant, reading) => readAll(table, tenant, kind, reading),
  };
}

/** Those of these ids that there are, in the order of their ids. */
export async function getMany(table: Table, tenant: string, kind: Kind, ids: readonly string[]) {
  const keys = ids.map((id) => resourceKey(tenant, kind, id));
  const items = await getItems(table, keys, { consistent: true });
  return items.map(readStored).toSorted((one, other) => (one.id < other.id ? -1 : 1));
}

const lookupKinds: ReadonlyMap<string, "EXTERNALID" | "EMAIL" | "GROUPNAME"> = new Map([
  ["externalId", "EXTERNALID"],
  ["emails.value", "EMAIL"],
  ["displayName", "GROUPNAME"],
]);

async function idsOf(
  table: Table,
  tenant: string,
  type: ResourceType,
  { attribute, value }: Lookup,
): Promise<readonly string[]> {
  if (attribute === "id") return [value];
  const kind = kindOf(type);
  const of = lookupKinds.get(attribute);
  // Where group names need not be unique there are no claims, but lookups always.
  const isGroupName = kind === "GROUP" && attribute === "displayName";
  const claim = isGroupName ? undefined : claimKeyOf(tenant, type, attribute, value);
  // Only a create or a change writes the claim, with its resource's id.
  if (claim) return [(await getItem(table, claim))?.id as string].filter((id) => !!id);
  if (!of) throw new Error(`There is no index by ${attribute}.`);
  const partition = lookupPartition(tenant, of, value);
  const ids: string[] = [];
  for await (const page of queryPages(table, partition, { beginsWith: `${kind}#` })) {
    ids.push(...page.map((item) => String(item.sk).slice(kind.length + 1)));
    if (ids.length > mostFound) break;
  }
  return ids;
}
