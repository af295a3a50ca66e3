import {
  ConditionalCheckFailedException,
  TransactionConflictException,
} from "@aws-sdk/client-dynamodb";
import { DeleteCommand, type DynamoDBDocumentClient, PutCommand } from "@aws-sdk/lib-dynamodb";
import { formatVersion, type Table } from "./table.ts";

interface Holding {
  readonly db: DynamoDBDocumentClient;
  readonly tableName: string;
  readonly clock: () => number;
}

export interface LeaseContext extends Holding {
  readonly newId: () => string;
  readonly sleep: (milliseconds: number) => Promise<unknown>;
  /** From 0 to below 1, for jitter. */
  readonly random: () => number;
}

/** What of a tenant is held, and by whom. It ends by itself, so that a holder that died holds nobody up for long. */
interface Lease {
  readonly tenant: string;
  readonly name: "TOKENS" | `GROUP#${string}`;
  readonly holder: string;
  readonly heldMs: number;
}

/** Longer than a change to the tokens takes. */
const tokensHeldMs = 10_000;

const mostTries = 60;
const pauseMs = 200;

/**
 * Lets the writers of a tenant's tokens work one after the other, so that they seldom meet. It guards
 * nothing: who waited too long, or lost the lease, goes on without.
 */
export function tokenLease(context: LeaseContext) {
  return {
    hold: async <T>(tenant: string, work: () => Promise<T>): Promise<T> => {
      const holder = context.newId();
      const lease = { tenant, name: "TOKENS", holder, heldMs: tokensHeldMs } as const;
      for (let tries = 1; !(await take(context, lease)); tries++) {
        if (tries === mostTries) break;
        await context.sleep(pauseMs * (0.5 + context.random()));
      }
      try {
        return await work();
      } finally {
        await giveBack(context, lease);
      }
    },
  };
}

/**
 * Works at a group unless another does: two at once would do the same twice, and write at twice the
 * pace. It guards nothing either. Answers undefined where another works.
 */
export async function atGroupAlone<T>(
  table: Table,
  tenant: string,
  groupId: string,
  heldMs: number,
  work: () => Promise<T>,
): Promise<T | undefined> {
  const holding = { db: table.db, tableName: table.name, clock: () => table.now().getTime() };
  const lease = { tenant, name: `GROUP#${groupId}`, holder: table.newId(), heldMs } as const;
  if (!(await take(holding, lease))) return undefined;
  try {
    return await work();
  } finally {
    await giveBack(holding, lease);
  }
}

const leaseKey = ({ tenant, name }: Lease) => ({ pk: `T#${tenant}#LEASES`, sk: name });

async function take({ db, tableName, clock }: Holding, lease: Lease): Promise<boolean> {
  const now = clock();
  const { holder } = lease;
  const heldUntil = now + lease.heldMs;
  // `expiresAt` is when the table may clear it away, `heldUntil` when it ends.
  const times = { heldUntil, expiresAt: Math.ceil(heldUntil / 1000) };
  const put = new PutCommand({
    TableName: tableName,
    Item: { ...leaseKey(lease), v: formatVersion, holder, ...times },
    ConditionExpression: "attribute_not_exists(pk) OR heldUntil <= :now OR holder = :holder",
    ExpressionAttributeValues: { ":now": now, ":holder": holder },
  });
  return db.send(put).then(() => true, isHeldByAnother);
}

function isHeldByAnother(error: unknown): false {
  if (error instanceof ConditionalCheckFailedException) return false;
  if (error instanceof TransactionConflictException) return false;
  throw error;
}

/** What fails here ends by itself. */
async function giveBack({ db, tableName }: Holding, lease: Lease): Promise<void> {
  const remove = new DeleteCommand({
    TableName: tableName,
    Key: leaseKey(lease),
    ConditionExpression: "holder = :holder",
    ExpressionAttributeValues: { ":holder": lease.holder },
  });
  await db.send(remove).catch(() => undefined);
}
