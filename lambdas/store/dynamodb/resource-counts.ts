import type { ResourceCounts } from "../store.ts";
import { countOf } from "./pages.ts";
import type { Table } from "./table.ts";

/** The totals of a tenant's users and groups in the table. */
export const resourceCounts = (table: Table): ResourceCounts => ({
  read: async (tenant) => {
    const kinds = ["USER", "GROUP"] as const;
    const [users = 0, groups = 0] = await Promise.all(
      kinds.map((kind) => countOf(table, tenant, kind)),
    );
    return { users, groups };
  },
});
