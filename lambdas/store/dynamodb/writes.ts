import type { Key } from "./keys.ts";
import { formatVersion, type Table } from "./table.ts";
import type { Write } from "./transact.ts";

/** Writes an item where none is yet. */
export function putNew(table: Table, item: Record<string, unknown>): Write {
  return {
    Put: {
      TableName: table.name,
      Item: item,
      ConditionExpression: "attribute_not_exists(pk)",
      ReturnValuesOnConditionCheckFailure: "ALL_OLD",
    },
  };
}

/** Takes a name for `id`; refused where another holds it. */
export function claimWrite(table: Table, key: Key, id: string): Write {
  return {
    Put: {
      TableName: table.name,
      Item: { ...key, v: formatVersion, id },
      ConditionExpression: "attribute_not_exists(pk) OR id = :id",
      ExpressionAttributeValues: { ":id": id },
    },
  };
}

/** Gives a name free; refused where another than `id` holds it. */
export function releaseWrite(table: Table, key: Key, id: string): Write {
  return {
    Delete: {
      TableName: table.name,
      Key: key,
      ConditionExpression: "attribute_not_exists(pk) OR id = :id",
      ExpressionAttributeValues: { ":id": id },
    },
  };
}

/** Writes an item over the version that was read. */
export function putOver(table: Table, item: Record<string, unknown>, version: number) {
  return {
    Put: {
      TableName: table.name,
      Item: item,
      ConditionExpression: "#version = :version",
      ExpressionAttributeNames: { "#version": "version" },
      ExpressionAttributeValues: { ":version": version },
      ReturnValuesOnConditionCheckFailure: "ALL_OLD" as const,
    },
  };
}

/** Deletes an item if it is still of the version that was read. */
export const deleteVersion = (table: Table, key: Key, version: number): Write => ({
  Delete: {
    TableName: table.name,
    Key: key,
    ConditionExpression: "#version = :version",
    ExpressionAttributeNames: { "#version": "version" },
    ExpressionAttributeValues: { ":version": version },
  },
});
