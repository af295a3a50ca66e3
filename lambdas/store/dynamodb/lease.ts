import {
  ConditionalCheckFailedException,
  TransactionConflictException,
} from "@aws-sdk/client-dynamodb";
import { DeleteCommand, type DynamoDBDocumentClient, PutCommand } from "@aws-sdk/lib-dynamodb";
import { formatVersion } from "./table.ts";

export interface LeaseContext {
  readonly db: DynamoDBDocumentClient;
  readonly tableName: string;
  readonly newId: () => string;
  readonly clock: () => number;
  readonly sleep: (milliseconds: number) => Promise<unknown>;
  /** From 0 to below 1, for jitter. */
  readonly random: () => number;
}

/** Longer than a change takes. It ends by itself, so that a holder that died holds nobody up for long. */
const heldMs = 10_000;

const mostTries = 60;
const pauseMs = 200;

const leaseKey = (tenant: string) => ({ pk: `T#${tenant}#LEASES`, sk: "TOKENS" });

/**
 * Lets the writers of a tenant's tokens work one after the other, so that they seldom meet. It guards
 * nothing: who waited too long, or lost the lease, goes on without.
 */
export function tokenLease(context: LeaseContext) {
  return {
    hold: async <T>(tenant: string, work: () => Promise<T>): Promise<T> => {
      const holder = context.newId();
      for (let tries = 1; !(await take(context, tenant, holder)); tries++) {
        if (tries === mostTries) break;
        await context.sleep(pauseMs * (0.5 + context.random()));
      }
      try {
        return await work();
      } finally {
        await giveBack(context, tenant, holder);
      }
    },
  };
}

async function take(context: LeaseContext, tenant: string, holder: string): Promise<boolean> {
  const now = context.clock();
  const heldUntil = now + heldMs;
  // `expiresAt` is when the table may clear it away, `heldUntil` when it ends.
  const lease = { v: formatVersion, holder, heldUntil, expiresAt: Math.ceil(heldUntil / 1000) };
  const put = new PutCommand({
    TableName: context.tableName,
    Item: { ...leaseKey(tenant), ...lease },
    ConditionExpression: "attribute_not_exists(pk) OR heldUntil <= :now OR holder = :holder",
    ExpressionAttributeValues: { ":now": now, ":holder": holder },
  });
  return context.db.send(put).then(() => true, isHeldByAnother);
}

function isHeldByAnother(error: unknown): false {
  if (error instanceof ConditionalCheckFailedException) return false;
  if (error instanceof TransactionConflictException) return false;
  throw error;
}

/** What fails here ends by itself. */
async function giveBack(context: LeaseContext, tenant: string, holder: string): Promise<void> {
  const remove = new DeleteCommand({
    TableName: context.tableName,
    Key: leaseKey(tenant),
    ConditionExpression: "holder = :holder",
    ExpressionAttributeValues: { ":holder": holder },
  });
  await context.db.send(remove).catch(() => undefined);
}
