import { isActive } from "../../scim/active.ts";
import type { JsonObject } from "../../scim/json.ts";
import type { TenantFigures } from "../store.ts";
import { groupPartition, resourcesPartition } from "./keys.ts";
import { countOf } from "./pages.ts";
import { inTurns, queryPages } from "./read.ts";
import type { Table } from "./table.ts";

/** How much a tenant has in the table. */
export function tenantFigures(table: Table): TenantFigures {
  return {
    totals: async (tenant) => {
      const kinds = ["USER", "GROUP"] as const;
      const [users = 0, groups = 0] = await Promise.all(
        kinds.map((kind) => countOf(table, tenant, kind)),
      );
      return { users, groups };
    },
    countActive: (tenant, until) => countActive(table, tenant, until),
    countMemberships: (tenant, until) => countMemberships(table, tenant, until),
  };
}

async function countActive(table: Table, tenant: string, until: number) {
  const only = {
    only: "#resource.#active",
    names: { "#resource": "resource", "#active": "active" },
  };
  let count = 0;
  for await (const page of queryPages(table, resourcesPartition(tenant, "USER"), only)) {
    // Only `toItem` writes items under such keys.
    count += page.filter(({ resource = {} }) => isActive(resource as JsonObject)).length;
    if (table.now().getTime() >= until) return undefined;
  }
  return count;
}

async function countMemberships(table: Table, tenant: string, until: number) {
  let count = 0;
  const groups = queryPages(table, resourcesPartition(tenant, "GROUP"), { only: "sk" });
  for await (const page of groups) {
    const ids = page.map(({ sk }) => String(sk).slice("GROUP#".length));
    const counts = await inTurns(ids, (id) => countMembers(table, tenant, id, until));
    for (const members of counts) {
      if (members === undefined) return undefined;
      count += members;
    }
  }
  return count;
}

async function countMembers(table: Table, tenant: string, group: string, until: number) {
  let count = 0;
  const members = { beginsWith: "MEMBER#", only: "sk" };
  if (table.now().getTime() >= until) return undefined;
  for await (const page of queryPages(table, groupPartition(tenant, group), members)) {
    count += page.length;
    if (table.now().getTime() >= until) return undefined;
  }
  return count;
}
