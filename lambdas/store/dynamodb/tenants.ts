import {
  ConditionalCheckFailedException,
  TransactionConflictException,
} from "@aws-sdk/client-dynamodb";
import {
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
} from "@aws-sdk/lib-dynamodb";
import { unavailable } from "../../scim/errors.ts";
import { formatVersion } from "./table.ts";

/** A tenant as the table keeps it, its settings read as `S`. */
export interface StoredTenant<S> {
  readonly tenant: string;
  readonly state: "active" | "suspended";
  readonly settings: S;
  readonly createdAt: string;
}

export interface NewTenant {
  readonly tenant: string;
  /** Only those that were chosen: the others follow their defaults, also when a release changes those. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly createdAt: string;
}

/** A request waits for its tenant, so a read that hangs must end soon. */
const readMs = 4000;

const partition = "TENANTS";
const tenantKey = (tenant: string) => ({ pk: partition, sk: `TENANT#${tenant}` });

/** Where tenants are kept. `readSettings` gives what is stored its type and its defaults. */
export function tenantStore<S>(
  db: DynamoDBDocumentClient,
  tableName: string,
  readSettings: (stored: unknown) => S,
) {
  return {
    /** The tenant as it is now. */
    get: async (tenant: string): Promise<StoredTenant<S> | undefined> => {
      const key = { Key: tenantKey(tenant), ConsistentRead: true };
      const answer = await db.send(new GetCommand({ TableName: tableName, ...key }), {
        abortSignal: AbortSignal.timeout(readMs),
      });
      return answer.Item && readTenant(answer.Item, readSettings);
    },

    /** Writes a new, active tenant; of racing creates one wins. */
    create: async (created: NewTenant): Promise<"created" | "exists"> => {
      const { tenant, settings, createdAt } = created;
      const fields = { v: formatVersion, state: "active", settings, createdAt };
      const put = new PutCommand({
        TableName: tableName,
        Item: { ...tenantKey(tenant), ...fields },
        ConditionExpression: "attribute_not_exists(pk)",
      });
      return db.send(put).then(() => "created" as const, existsAlready);
    },

    /** Tenants in the order of their ids, from the one after `after`; `next` where there are more. */
    list: async (limit: number, after?: string) => {
      const answer = await db.send(
        new QueryCommand({
          TableName: tableName,
          KeyConditionExpression: "pk = :pk",
          ExpressionAttributeValues: { ":pk": partition },
          ConsistentRead: true,
          Limit: limit,
          ExclusiveStartKey: after === undefined ? undefined : tenantKey(after),
        }),
      );
      const tenants = (answer.Items ?? []).map((item) => readTenant(item, readSettings));
      return { tenants, next: answer.LastEvaluatedKey && tenants.at(-1)?.tenant };
    },
  };
}

function existsAlready(error: unknown): "exists" {
  if (error instanceof ConditionalCheckFailedException) return "exists";
  if (error instanceof TransactionConflictException)
    throw unavailable("The store is busy; send this again.", 1);
  throw error;
}

/** What an item holds, as this and every earlier release wrote it. */
function readTenant<S>(
  item: Readonly<Record<string, unknown>>,
  readSettings: (stored: unknown) => S,
): StoredTenant<S> {
  const { sk, state, settings, createdAt } = item;
  if (state !== "active" && state !== "suspended")
    throw new Error(`${String(sk)} is in a state that this release does not know.`);
  return {
    tenant: String(sk).slice("TENANT#".length),
    state,
    settings: readSettings(settings),
    createdAt: String(createdAt),
  };
}
