import { randomUUID } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
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
import { unmarshall } from "@aws-sdk/util-dynamodb";
import { unavailable } from "../../scim/errors.ts";
import { tenantKey, tenantOf, tenantsPartition } from "./keys.ts";
import { formatVersion } from "./table.ts";
import {
  type Changeable,
  type Item,
  itemAfter,
  readTenant,
  type StoredTenant,
  unchanged,
} from "./tenant-item.ts";

export interface NewTenant {
  readonly tenant: string;
  /** Only those that were chosen: the others follow their defaults, also when a release changes those. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly createdAt: string;
}

/** A request waits for its tenant, so a read that hangs must end soon. */
const readMs = 4000;

/** A tenant that is there, or can be restored. */
type Kept<S> = StoredTenant<S> & { readonly state: "active" | "suspended" | "deleted" };

interface Listing {
  readonly limit: number;
  readonly after?: string | undefined;
  /** Whether tenants are among them of which only the name is left. */
  readonly erased?: boolean | undefined;
}

/** Where tenants are kept. `readSettings` gives what is stored its type and its defaults. */
export function tenantStore<S>(
  db: DynamoDBDocumentClient,
  tableName: string,
  readSettings: (stored: unknown) => S,
) {
  const read = (item: Item) => readTenant(item, readSettings);
  const readItem = async (tenant: string): Promise<Item | undefined> => {
    const key = { Key: tenantKey(tenant), ConsistentRead: true };
    const abortSignal = AbortSignal.timeout(readMs);
    return (await db.send(new GetCommand({ TableName: tableName, ...key }), { abortSignal })).Item;
  };
  /** Whether the condition held, and if not, what is stored. */
  const write = async (item: Record<string, unknown>, condition: object) => {
    const put = { TableName: tableName, Item: item, ...condition };
    const showing = { ReturnValuesOnConditionCheckFailure: "ALL_OLD" } as const;
    try {
      await db.send(new PutCommand({ ...put, ...showing }));
      return { isHeld: true };
    } catch (error) {
      if (error instanceof TransactionConflictException)
        throw unavailable("The store is busy; send this again.", 1);
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      return { isHeld: false, stored: error.Item && unmarshall(error.Item) };
    }
  };

  return {
    /** The tenant as it is now; undefined for one that is being erased, or has been, as for one that never was. */
    get: async (tenant: string): Promise<Kept<S> | undefined> => {
      const item = await readItem(tenant);
      const found = item && read(item);
      return found && isKept(found) ? found : undefined;
    },

    /** The same in whatever state it is: an erased tenant's name is never used again. */
    find: async (tenant: string): Promise<StoredTenant<S> | undefined> => {
      const item = await readItem(tenant);
      return item && read(item);
    },

    /** Writes a new, active tenant; of racing creates one wins. */
    create: async (created: NewTenant): Promise<"created" | "exists"> => {
      const { tenant, settings, createdAt } = created;
      const fields = { v: formatVersion, state: "active", settings, createdAt };
      // After a lost answer the client sends it again, and meets what it wrote itself.
      const creation = randomUUID();
      const Item = { ...tenantKey(tenant), ...fields, creation };
      const onlyIfNew = { ConditionExpression: "attribute_not_exists(pk)" };
      const { isHeld, stored } = await write(Item, onlyIfNew);
      return isHeld || stored?.creation === creation ? "created" : "exists";
    },

    /**
     * Writes what `decide` makes of the tenant, which is asked anew where another change came between;
     * the very object that it was given changes nothing. Undefined where there is no such tenant.
     */
    change: async (
      tenant: string,
      decide: (before: StoredTenant<S>) => Changeable | Promise<Changeable>,
    ): Promise<StoredTenant<S> | undefined> => {
      // Of those that race at each attempt one gets through.
      for (let attempt = 0; attempt < attempts; attempt++) {
        const item = await readItem(tenant);
        if (!item) return undefined;
        const before = read(item);
        const after = await decide(before);
        if (after === before) return before;
        const Item = itemAfter(tenant, item, after);
        const { isHeld, stored } = await write(Item, unchanged(item));
        // After a lost answer the client sends a write again, and meets what it wrote itself.
        if (isHeld || isDeepStrictEqual(stored, Item)) return read(Item);
      }
      throw unavailable(`Others keep changing tenant "${tenant}"; send this again.`, 1);
    },

    /** Tenants in the order of their ids, from the one after `after`; `next` where there are more. */
    list: async ({ limit, after, erased = false }: Listing) => {
      const tenants: StoredTenant<S>[] = [];
      let from = after;
      do {
        const page = await db.send(pageAfter(tableName, from, erased));
        tenants.push(...(page.Items ?? []).map(read));
        from = page.LastEvaluatedKey && tenantOf(page.LastEvaluatedKey);
      } while (from !== undefined && tenants.length <= limit);
      const shown = tenants.slice(0, limit);
      return { tenants: shown, next: tenants.length > limit ? shown.at(-1)?.tenant : undefined };
    },
  };
}

const attempts = 30;

const isKept = <S>(tenant: StoredTenant<S>): tenant is Kept<S> =>
  tenant.state !== "erasing" && tenant.state !== "erased";

/** However few are asked for: any number of erased ones may lie between them. */
const readAtOnce = 500;

const pageAfter = (tableName: string, after: string | undefined, erased: boolean) =>
  new QueryCommand({
    TableName: tableName,
    KeyConditionExpression: "pk = :pk",
    ExpressionAttributeValues: { ":pk": tenantsPartition, ...(!erased && { ":erased": "erased" }) },
    ...(!erased && {
      FilterExpression: "#state <> :erased",
      ExpressionAttributeNames: { "#state": "state" },
    }),
    ConsistentRead: true,
    Limit: readAtOnce,
    ExclusiveStartKey: after === undefined ? undefined : tenantKey(after),
  });
