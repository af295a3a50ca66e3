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
  erases = false,
): Write {
  const deletedAt = at.toISOString();
  const key = sweepKey(tenant, kind, id);
  const mark = { ...key, ...workIndexKey(key, dueOf({ deletedAt })), v: formatVersion };
  const Item = { ...mark, deletedAt, ...(erases && { erases }) };
  return { Put: { TableName: table.name, Item } };
}

/** The same for who may be marked already: the mark stays, and erases from now on. */
export function erasureMark(table: Table, tenant: string, id: string): Write {
  const deletedAt = table.now().toISOString();
  const Key = sweepKey(tenant, "USER", id);
  const { gsi1pk, gsi1sk } = workIndexKey(Key, dueOf({ deletedAt }));
  const kept = { deletedAt, gsi1pk, gsi1sk };
  const set = Object.keys(kept).map((name) => `${name} = if_not_exists(${name}, :${name})`);
  const values = Object.entries(kept).map(([name, value]) => [`:${name}`, value]);
  return {
    Update: {
      TableName: table.name,
      Key,
      UpdateExpression: `SET v = :v, erases = :yes, ${set.join(", ")}`,
      ExpressionAttributeValues: {
        ":v": formatVersion,
        ":yes": true,
        ...Object.fromEntries(values),
      },
    },
  };
}

/** A mark that was read. */
export interface DeletionMark {
  readonly kind: "USER" | "GROUP";
  readonly id: string;
  readonly deletedAt: string;
  /** Whether whatever else names the id is to go with its memberships. */
  readonly erases: boolean;
}

export function readMark(item: Readonly<Record<string, unknown>>): DeletionMark {
  const [kind, id = ""] = String(item.sk).split("#");
  return {
    kind: kind === "GROUP" ? "GROUP" : "USER",
    id,
    deletedAt: String(item.deletedAt),
    erases: item.erases === true,
  };
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

/** Takes the mark away, unless it has become one that erases since it was read. */
export function unmark(table: Table, tenant: string, mark: DeletionMark): Write {
  const marked = stillMarked(table, tenant, mark);
  const isSame = mark.erases ? "" : " AND attribute_not_exists(erases)";
  return {
    Delete: { ...marked, ConditionExpression: `${marked.ConditionExpression}${isSame}` },
  };
}
