import type { Stored } from "../../scim/stored.ts";
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

/** Of what was read of a resource, what its writer relies on; a seat is given without a new version. */
type Read = Pick<Stored, "version" | "seat">;

/** Holds a write to a resource that is still what was read. */
export const isStill = ({ version, seat }: Read) => ({
  ConditionExpression: `#version = :version AND ${seat ? "seat = :seat" : "attribute_not_exists(seat)"}`,
  ExpressionAttributeNames: { "#version": "version" },
  ExpressionAttributeValues: { ":version": version, ...(seat && { ":seat": seat }) },
});

/** Writes an item over what was read. */
export function putOver(table: Table, item: Record<string, unknown>, before: Read) {
  return {
    Put: {
      TableName: table.name,
      Item: item,
      ...isStill(before),
      ReturnValuesOnConditionCheckFailure: "ALL_OLD" as const,
    },
  };
}

/** Deletes an item if it is still what was read. */
export const deleteVersion = (table: Table, key: Key, before: Read): Write => ({
  Delete: { TableName: table.name, Key: key, ...isStill(before) },
});
