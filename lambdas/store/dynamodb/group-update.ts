import type { JsonObject } from "../../scim/json.ts";
import { resourceKey } from "./keys.ts";
import { formatVersion, type Table } from "./table.ts";
import type { Write } from "./transact.ts";

export interface GroupUpdate {
  /** How many memberships change with it. */
  readonly members: number;
  /** The version on condition of which it holds; without it any will do. */
  readonly version?: number | undefined;
  /** The group's attributes, where they change. */
  readonly resource?: JsonObject | undefined;
  /** The number of the large change that it commits: the next one after those that went before. */
  readonly pendingChange?: number | undefined;
}

/**
 * A new version of a group. It is refused where there is no such group, where the version is
 * another, or, if memberships change with it, where a large change is still pending.
 */
export function groupUpdate(
  table: Table,
  tenant: string,
  id: string,
  { members, version, resource, pendingChange }: GroupUpdate,
): Write {
  const values = {
    ":now": table.now().toISOString(),
    ":v": formatVersion,
    ":one": 1,
    ":version": version,
    ":resource": resource,
    ":pendingChange": pendingChange,
    ":before": pendingChange === undefined ? undefined : pendingChange - 1,
  };
  const set = ["lastModified = :now", "v = :v"];
  if (resource) set.push("#resource = :resource");
  if (pendingChange !== undefined) set.push("pendingChange = :pendingChange");
  const add = ["#version :one"];
  // One member alone appears or goes at once to every reader; of more, one might see a part.
  if (members > 1 || (members > 0 && resource)) add.push("changeSeq :one");
  const conditions = ["attribute_exists(pk)"];
  if (members > 0) conditions.push("attribute_not_exists(pendingChange)");
  if (pendingChange !== undefined) conditions.push("changeSeq = :before");
  if (version !== undefined) conditions.push("#version = :version");

  return {
    Update: {
      TableName: table.name,
      Key: resourceKey(tenant, "GROUP", id),
      UpdateExpression: `SET ${set.join(", ")} ADD ${add.join(", ")}`,
      ConditionExpression: conditions.join(" AND "),
      ExpressionAttributeNames: {
        "#version": "version",
        ...(resource ? { "#resource": "resource" } : {}),
      },
      ExpressionAttributeValues: values,
      ReturnValuesOnConditionCheckFailure: "ALL_OLD",
    },
  };
}

/** The number of the next large change to a group. */
export const nextChange = (group: Readonly<Record<string, unknown>>): number =>
  (typeof group.changeSeq === "number" ? group.changeSeq : 0) + 1;
