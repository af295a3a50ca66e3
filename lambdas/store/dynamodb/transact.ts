import { randomUUID } from "node:crypto";
import { type AttributeValue, TransactionCanceledException } from "@aws-sdk/client-dynamodb";
import { TransactWriteCommand, type TransactWriteCommandInput } from "@aws-sdk/lib-dynamodb";
import { unavailable } from "../../scim/errors.ts";
import type { Table } from "./table.ts";

/** One write of a transaction, without the table's name. */
export type Write = NonNullable<TransactWriteCommandInput["TransactItems"]>[number];

/** A transaction of which nothing was written, since the conditions of `refused` did not hold. */
export class Refused extends Error {
  override readonly name = "Refused";
  /** Each refused write with the item that stood in its way, if one did. */
  readonly refused: ReadonlyMap<Write, Readonly<Record<string, AttributeValue>> | undefined>;

  constructor(refused: Refused["refused"]) {
    super("A condition of the transaction did not hold.");
    this.refused = refused;
  }
}

/** As many writes as DynamoDB takes at once. */
export const mostWrites = 100;

/** About four seconds of waiting in all: as long as a queue of a hundred writers at one item takes. */
const attempts = 30;

/**
 * Writes all or nothing. Where another transaction was at one of the items, it tries again with jitter.
 * @throws Refused where conditions did not hold.
 * @throws ScimError 503 where the items stay busy.
 */
export async function transact(table: Table, writes: readonly Write[]): Promise<void> {
  if (writes.length > mostWrites) throw new Error(`A transaction has ${writes.length} writes.`);
  for (let attempt = 0; attempt < attempts; attempt++) {
    // A new token after a definite refusal; within one send the SDK repeats it after a lost answer.
    const command = new TransactWriteCommand({
      TransactItems: [...writes],
      ClientRequestToken: randomUUID(),
    });
    try {
      await table.db.send(command);
      return;
    } catch (error) {
      if (!(error instanceof TransactionCanceledException)) throw error;
      // Of a busy item it is open whether its condition holds; a refusal tells of all of them.
      if (!isBusy(error)) {
        const refused = refusedWrites(error, writes);
        throw refused.size > 0 ? new Refused(refused) : error;
      }
    }
    await backOff(table, attempt);
  }
  throw unavailable("Too many changes at once to the same resource; send this one again.", 1);
}

/** Waits for a random part of a time that doubles with each attempt, up to 0.3 s. */
export function backOff(table: Table, attempt: number): Promise<unknown> {
  return table.sleep(table.random() * Math.min(300, 20 * 2 ** attempt));
}

function refusedWrites(error: TransactionCanceledException, writes: readonly Write[]) {
  const refused = new Map<Write, Readonly<Record<string, AttributeValue>> | undefined>();
  for (const [at, write] of writes.entries()) {
    const reason = error.CancellationReasons?.[at];
    if (reason?.Code === "ConditionalCheckFailed") refused.set(write, reason.Item);
  }
  return refused;
}

const busyCodes = new Set([
  "TransactionConflict",
  "ThrottlingError",
  "ProvisionedThroughputExceeded",
]);

function isBusy(error: TransactionCanceledException): boolean {
  return (error.CancellationReasons ?? []).some(({ Code }) => busyCodes.has(Code ?? ""));
}
