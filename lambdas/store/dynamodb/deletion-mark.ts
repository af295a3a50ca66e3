import { type Kind, sweepKey, workIndexKey } from "./keys.ts";
import { formatVersion, type Table } from "./table.ts";
import type { Write } from "./transact.ts";

/**
 * A request lives for 28 s and a run of the background work for a minute; one that found a user alive
 * may still write a membership. What is swept after that, with room for clocks, leaves nothing.
 */
export const sweepAfterSeconds = 150;

/** Marks what is deleted: readers of members leave it out, until its memberships are swept. */
export function deletionMark(
  table: Table,
  tenant: string,
  kind: Kind,
  id: string,
  at: Date = table.now(),
): Write {
  const deletedAt = at.toISOString();
  const key = sweepKey(tenant, kind, id);
  const mark = { ...key, ...workIndexKey(key, dueOf({ deletedAt })), v: formatVersion };
  return { Put: { TableName: table.name, Item: { ...mark, deletedAt } } };
}

/** A mark that was read. */
export interface DeletionMark {
  readonly kind: "USER" | "GROUP";
  readonly id: string;
  readonly deletedAt: string;
}

export function readMark({ sk, deletedAt }: Readonly<Record<string, unknown>>): DeletionMark {
  const [kind, id = ""] = String(sk).split("#");
  return { kind: kind === "GROUP" ? "GROUP" : "USER", id, deletedAt: String(deletedAt) };
}

/** From when on nobody writes any more who found alive what was deleted. */
export const dueOf = ({ deletedAt }: Pick<DeletionMark, "deletedAt">): Date =>
  new Date(Date.parse(deletedAt) + sweepAfterSeconds * 1000);

const stillMarked = (table: Table, tenant: string, { kind, id, deletedAt }: DeletionMark) => ({
  TableName: table.name,
  Key: sweepKey(tenant, kind, id),
  ConditionExpression: "deletedAt = :deletedAt",
  ExpressionAttributeValues: { ":deletedAt": deletedAt },
});

/** Holds a write to the deletion: whoever is restored keeps what it has. */
export const whileMarked = (table: Table, tenant: string, mark: DeletionMark): Write => ({
  ConditionCheck: stillMarked(table, tenant, mark),
});

/** Takes the mark away. */
export const unmark = (table: Table, tenant: string, mark: DeletionMark): Write => ({
  Delete: stillMarked(table, tenant, mark),
});
