import { deleteAll } from "./delete-all.ts";
import { groupPartition, keyOf } from "./keys.ts";
import { queryPages } from "./read.ts";
import type { Sweeping } from "./sweep.ts";

/**
 * Deletes the memberships and the journal of a group that is gone, to which nobody writes any more:
 * every write to them depends on the group. Answers false where the time is up before the end.
 */
export async function emptyGroup(
  { table, tenant, pacerOf, isTimeUp }: Sweeping,
  groupId: string,
): Promise<boolean> {
  const pacer = pacerOf();
  const pages = queryPages(table, groupPartition(tenant, groupId), { only: "pk, sk" });
  for await (const page of pages) {
    const onBatch = (items: number) => pacer.spent(items);
    const deleted = await deleteAll(table, page.map(keyOf), { isTimeUp, onBatch });
    if (deleted < page.length) return false;
  }
  return true;
}
