import type { JsonObject } from "../../scim/json.ts";
import { resourceKey } from "./keys.ts";
import { formatVersion, type Table } from "./table.ts";
import type { Write } from "./transact.ts";

/**
 * How a group's memberships change with it: written one by one, or by a change in its journal,
 * which begins one, comes behind those that are pending, or is taken into the last of them.
 */
export type MembershipWrite =
  | { readonly kind: "direct"; readonly size: number }
  | { readonly kind: "first" | "behind" | "merged"; readonly seq: number };

export interface GroupUpdate {
  readonly memberships?: MembershipWrite | undefined;
  /** The version on condition of which it holds; without it any will do. */
  readonly version?: number | undefined;
  /** The group's attributes, where they change. */
  readonly resource?: JsonObject | undefined;
}

/**
 * A new version of a group. It is refused where there is no such group, where the version is
 * another, or where its journal is not, or no longer, as its memberships' change needs it.
 */
export function groupUpdate(
  table: Table,
  tenant: string,
  id: string,
  { memberships, version, resource }: GroupUpdate,
): Write {
  const journal = onJournal(memberships, resource !== undefined);
  const conditions = ["attribute_exists(pk)", ...journal.conditions];
  if (version !== undefined) conditions.push("#version = :version");
  const set = ["lastModified = :now", "v = :v", ...journal.set];
  if (resource) set.push("#resource = :resource");

  return {
    Update: {
      TableName: table.name,
      Key: resourceKey(tenant, "GROUP", id),
      UpdateExpression: `SET ${set.join(", ")} ADD #version :one${journal.movesSeq ? ", changeSeq :one" : ""}`,
      ConditionExpression: conditions.join(" AND "),
      ExpressionAttributeNames: {
        "#version": "version",
        ...(resource ? { "#resource": "resource" } : {}),
      },
      ExpressionAttributeValues: {
        ":now": table.now().toISOString(),
        ":v": formatVersion,
        ":one": 1,
        ":version": version,
        ":resource": resource,
        ...journal.values,
      },
      ReturnValuesOnConditionCheckFailure: "ALL_OLD",
    },
  };
}

interface OnJournal {
  readonly conditions: readonly string[];
  readonly set: readonly string[];
  /** Readers of members begin anew where this number has moved: they may have seen a part of the change. */
  readonly movesSeq: boolean;
  readonly values: Readonly<Record<string, number>>;
}

function onJournal(memberships: MembershipWrite | undefined, withResource: boolean): OnJournal {
  const none = { conditions: [], set: [], values: {} };
  if (!memberships) return { ...none, movesSeq: false };
  switch (memberships.kind) {
    case "direct":
      return {
        ...none,
        conditions: ["attribute_not_exists(pendingChange)"],
        // One member alone appears or goes at once to every reader; of more, one might see a part.
        movesSeq: memberships.size > 1 || withResource,
      };
    case "first":
      return {
        conditions: ["attribute_not_exists(pendingChange)", "changeSeq = :before"],
        set: ["pendingChange = :seq"],
        movesSeq: true,
        values: { ":before": memberships.seq - 1, ":seq": memberships.seq },
      };
    case "behind":
      return {
        ...none,
        conditions: ["attribute_exists(pendingChange)", "changeSeq = :before"],
        movesSeq: true,
        values: { ":before": memberships.seq - 1 },
      };
    case "merged":
      return {
        ...none,
        // The first of the pending changes is being carried over, and stays as it is.
        conditions: ["pendingChange < :seq", "changeSeq = :seq"],
        // One single change more in an item that is read whole.
        movesSeq: false,
        values: { ":seq": memberships.seq },
      };
  }
}

/** The number of the last change to a group that readers might see a part of. */
export const lastChange = (group: Readonly<Record<string, unknown>>): number =>
  typeof group.changeSeq === "number" ? group.changeSeq : 0;

/** The number of the first change that is not yet carried into the memberships. */
export const firstPending = (group: Readonly<Record<string, unknown>>): number | undefined =>
  typeof group.pendingChange === "number" ? group.pendingChange : undefined;

/**
 * Whether the journal, of which `lastSeq` is the last that was found, holds all that the group tells
 * of: an item of a transaction may be seen moments before another. It does not, either, where all of
 * it was carried over meanwhile; in both cases the group is to be looked at again.
 */
export const tellsAll = (
  group: Readonly<Record<string, unknown>>,
  lastSeq: number | undefined,
): boolean =>
  firstPending(group) === undefined || (lastSeq !== undefined && lastSeq >= lastChange(group));
