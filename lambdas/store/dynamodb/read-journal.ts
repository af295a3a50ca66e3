import { firstPending, tellsAll } from "./group-update.ts";
import { groupPartition } from "./keys.ts";
import { type Entry, readEntry } from "./member-change.ts";
import { queryPages } from "./read.ts";
import type { Table } from "./table.ts";

/** A group's journal: the changes that are committed and not yet carried into its memberships, in order. */
export type Journal = readonly Entry[];

/**
 * The journal of a group as its item tells of it: empty without a read where nothing is pending,
 * undefined where it has changed since the group was read.
 */
export async function readJournal(
  table: Table,
  tenant: string,
  groupId: string,
  group: Readonly<Record<string, unknown>>,
): Promise<Journal | undefined> {
  if (firstPending(group) === undefined) return [];
  const entries: Entry[] = [];
  const options = { beginsWith: "CHANGE#" };
  for await (const page of queryPages(table, groupPartition(tenant, groupId), options))
    entries.push(...page.map(readEntry));
  return tellsAll(group, entries.at(-1)?.seq) ? entries : undefined;
}
