import type { JsonObject } from "../../scim/json.ts";
import type { Stored } from "../../scim/stored.ts";
import type { GroupNames, SharedName } from "../store.ts";
import { textOf } from "./indexing.ts";
import { readStored } from "./items.ts";
import { claimKey, resourceKey } from "./keys.ts";
import { readAll } from "./places.ts";
import { getItem, getItems, inTurns } from "./read.ts";
import type { Table } from "./table.ts";
import { Refused, transact } from "./transact.ts";
import { claimWrite, isStill } from "./writes.ts";

/** Groups' claims to their names, in the table. */
export const groupNames = (table: Table): GroupNames => ({
  claimAll: (tenant) => claimAll(table, tenant),
});

/** As many claims as one request reads. */
const atOnce = 100;

async function claimAll(table: Table, tenant: string): Promise<readonly SharedName[]> {
  const shared: SharedName[] = [];
  let groups: Stored[] = [];
  const claim = async () => {
    const unclaimed = await withoutClaim(table, tenant, groups);
    const found = await inTurns(unclaimed, ({ id }) => claimOne(table, tenant, id));
    shared.push(...found.flatMap((one) => one ?? []));
    groups = [];
  };
  for await (const group of readAll(table, tenant, "GROUP")) {
    groups.push(group);
    if (groups.length === atOnce) await claim();
  }
  await claim();
  return shared;
}

/** Those whose name another holds, or nobody. Most hold theirs where this is done again. */
async function withoutClaim(table: Table, tenant: string, groups: readonly Stored[]) {
  const keyOf = ({ resource }: Stored) => keyOfName(tenant, resource);
  const keys = new Map(groups.map((group) => [keyOf(group).pk, keyOf(group)]));
  const items = await getItems(table, [...keys.values()], { consistent: true });
  const holders = new Map(items.map(({ pk, id }) => [pk, id]));
  return groups.filter((group) => holders.get(keyOf(group).pk) !== group.id);
}

const attempts = 10;

/** The claim is written on condition that the group still has the name. */
async function claimOne(table: Table, tenant: string, id: string): Promise<SharedName | undefined> {
  const Key = resourceKey(tenant, "GROUP", id);
  for (let attempt = 0; attempt < attempts; attempt++) {
    const item = await getItem(table, Key);
    if (!item) return undefined;
    const group = readStored(item);
    const { resource } = group;
    const key = keyOfName(tenant, resource);
    const claim = claimWrite(table, key, id);
    const isSame = { TableName: table.name, Key, ...isStill(group) };
    try {
      await transact(table, [claim, { ConditionCheck: isSame }]);
      return undefined;
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      const holder = error.refused.has(claim) ? await getItem(table, key) : undefined;
      if (holder)
        return { displayName: textOf(resource, "displayName"), ids: [String(holder.id), id] };
    }
  }
  return undefined;
}

const keyOfName = (tenant: string, resource: JsonObject) =>
  claimKey(tenant, "GROUPNAME", textOf(resource, "displayName"));
