import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { isActive } from "../../scim/active.ts";
import { ScimError } from "../../scim/errors.ts";
import type { JsonObject } from "../../scim/json.ts";
import type { Stored } from "../../scim/stored.ts";
import type { WriteRules } from "../store.ts";
import { seatsKey } from "./keys.ts";
import { formatVersion, type Table } from "./table.ts";
import type { Write } from "./transact.ts";

/** What a write of a user does about the seats of its tenant. */
export interface SeatMove {
  /** Whether the user has a seat afterwards. */
  readonly seat?: true;
  /** Counts the seat that is taken or given back; nothing where it stays as it is. */
  readonly write?: Write;
}

/**
 * A seat moves with the item that says who has it, in one transaction, so that as many are counted as
 * users have one. What is to be done follows from the item alone: a writer that does not know of the
 * limit yet takes no seat, and gives back what another has taken.
 */
export function seatMove(
  table: Table,
  tenant: string,
  { before, after }: { readonly before?: Stored; readonly after?: JsonObject },
  { seatLimit }: WriteRules,
): SeatMove {
  const hadSeat = before?.seat === true;
  if (!after || !isActive(after)) return hadSeat ? { write: giveBack(table, tenant) } : {};
  if (hadSeat) return { seat: true };
  if (seatLimit === undefined) return {};
  // Who came in before there was a limit stays in, and is counted at the first occasion.
  const isIn = before !== undefined && isActive(before.resource);
  return { seat: true, write: isIn ? countTaken(table, tenant, 1) : take(table, tenant) };
}

/** Counts so many more seats as taken, whatever the limit is. */
export const countTaken = (table: Table, tenant: string, by: number) => ({
  Update: {
    TableName: table.name,
    Key: seatsKey(tenant),
    UpdateExpression: "SET v = :v ADD #active :by",
    ExpressionAttributeNames: { "#active": "active" },
    ExpressionAttributeValues: { ":v": formatVersion, ":by": by },
  },
});

const giveBack = (table: Table, tenant: string): Write => countTaken(table, tenant, -1);

/** The limit is the item's, and not what a writer may have cached of it. */
function take(table: Table, tenant: string): Write {
  const { Update } = countTaken(table, tenant, 1);
  return {
    Update: {
      ...Update,
      ConditionExpression: "attribute_not_exists(#limit) OR #active < #limit",
      ExpressionAttributeNames: { "#active": "active", "#limit": "limit" },
      ReturnValuesOnConditionCheckFailure: "ALL_OLD",
    },
  };
}

/**
 * The refusal of a seat, for the log that Entra shows to the customer's administrator. It is no 403:
 * that says that the credentials are bad.
 */
export function seatsTaken(seats: Readonly<Record<string, AttributeValue>> | undefined): ScimError {
  const limit = Number(seats?.limit?.N ?? 0);
  const what =
    limit === 1 ? "The only seat of this tenant is" : `All ${limit} seats of this tenant are`;
  return new ScimError(
    400,
    `${what} taken; disable or delete users, or ask the operator of this service for more.`,
  );
}
