import { QueryCommand } from "@aws-sdk/lib-dynamodb";
import { groupPartition, workPartitions } from "./keys.ts";
import type { Table } from "./table.ts";

/**
 * When the oldest change was committed that a tenant's groups still have pending, of those before
 * `until`. By an index, which shows for a moment longer what is done, and for certain what is old.
 */
export async function oldestPending(
  table: Table,
  tenant: string,
  until: Date,
): Promise<Date | undefined> {
  const parts = workPartitions.map((part) => oldestIn(table, tenant, part, until));
  const found = (await Promise.all(parts)).filter((at) => at !== undefined);
  return found.toSorted((one, other) => one.getTime() - other.getTime())[0];
}

async function oldestIn(
  table: Table,
  tenant: string,
  part: string,
  until: Date,
): Promise<Date | undefined> {
  let after: Record<string, unknown> | undefined;
  do {
    const page = await table.db.send(
      new QueryCommand({
        TableName: table.name,
        IndexName: "gsi1",
        KeyConditionExpression: "gsi1pk = :pk AND gsi1sk < :until",
        FilterExpression: "begins_with(pk, :group)",
        ExpressionAttributeValues: {
          ":pk": part,
          ":until": until.toISOString(),
          ":group": groupPartition(tenant, ""),
        },
        ExclusiveStartKey: after,
      }),
    );
    const [first] = page.Items ?? [];
    // The time comes first in the key of work, which is listed by it.
    if (first) return new Date(String(first.gsi1sk).slice(0, "2026-01-01T00:00:00.000Z".length));
    after = page.LastEvaluatedKey;
  } while (after);
  return undefined;
}
