import { TransactionCanceledException } from "@aws-sdk/client-dynamodb";
import {
  BatchGetCommand,
  GetCommand,
  QueryCommand,
  TransactGetCommand,
} from "@aws-sdk/lib-dynamodb";
import { unavailable } from "../../scim/errors.ts";
import type { Key } from "./keys.ts";
import type { Table } from "./table.ts";
import { backOff } from "./transact.ts";

type Item = Readonly<Record<string, unknown>>;

/** One item, strongly consistently. */
export async function getItem(table: Table, key: Key): Promise<Item | undefined> {
  const command = new GetCommand({ TableName: table.name, Key: key, ConsistentRead: true });
  return (await table.db.send(command)).Item;
}

const attempts = 15;

/** Items as of one instant, each as no transaction under way can still change it. */
export async function transactGet(
  table: Table,
  keys: readonly Key[],
): Promise<readonly (Item | undefined)[]> {
  const command = new TransactGetCommand({
    TransactItems: keys.map((key) => ({ Get: { TableName: table.name, Key: key } })),
  });
  for (let attempt = 0; attempt < attempts; attempt++) {
    if (attempt > 0) await backOff(table, attempt);
    try {
      const { Responses = [] } = await table.db.send(command);
      return Responses.map(({ Item }) => Item);
    } catch (error) {
      if (!(error instanceof TransactionCanceledException)) throw error;
    }
  }
  throw unavailable("The group changes too fast to be read; send this again.", 2);
}

interface QueryOptions {
  readonly beginsWith?: string | undefined;
  readonly limit?: number;
  /** What follows this sort key on the way, whether or not there is an item under it. */
  readonly after?: string | undefined;
  readonly backward?: boolean;
  /** Only these parts of the items, in which `names` stand for reserved words. */
  readonly only?: string;
  readonly names?: Record<string, string>;
}

/**
 * As many memberships as a page of 1 MB holds. It changes little there, but without a limit DynamoDB
 * Local reads a partition to its end for each page: for a large group the square of its size.
 */
const mostInPage = 5000;

/** All items of a partition whose sort key begins so, page by page, strongly consistently. */
export async function* queryPages(
  table: Pick<Table, "db" | "name">,
  pk: string,
  { beginsWith, limit = mostInPage, after: sk, backward = false, only, names }: QueryOptions = {},
): AsyncGenerator<readonly Item[]> {
  let after = sk;
  do {
    const page = await table.db.send(
      new QueryCommand({
        TableName: table.name,
        ConsistentRead: true,
        ...rangeOf(pk, { beginsWith, after, backward }),
        ScanIndexForward: !backward,
        Limit: limit,
        ProjectionExpression: only,
        ExpressionAttributeNames: names,
      }),
    );
    yield page.Items ?? [];
    after = page.LastEvaluatedKey && String(page.LastEvaluatedKey.sk);
  } while (after !== undefined);
}

/**
 * What of a partition a query goes through: sort keys that begin so, all of them of ASCII characters
 * before `~`, behind a place. The place stands in the condition as well, since DynamoDB Local comes to
 * a place that does not through all that lies before it.
 */
export function rangeOf(
  pk: string,
  {
    beginsWith = "",
    after,
    backward = false,
  }: Pick<QueryOptions, "beginsWith" | "after" | "backward">,
) {
  const low = backward ? beginsWith : (after ?? beginsWith);
  const high = backward ? (after ?? `${beginsWith}~`) : `${beginsWith}~`;
  // An empty key is none.
  const isBounded = low !== "";
  return {
    KeyConditionExpression: `pk = :pk AND sk ${isBounded ? "BETWEEN :low AND :high" : "<= :high"}`,
    ExpressionAttributeValues: { ":pk": pk, ":high": high, ...(isBounded && { ":low": low }) },
    ExclusiveStartKey: after === undefined ? undefined : { pk, sk: after },
  };
}

/** More would wait for each other's connections, and longer than they may. */
const callsAtOnce = 10;

/** What `read` gives for each of `of`, in order, a bounded number at once. */
export async function inTurns<T, R>(
  of: readonly T[],
  read: (one: T) => Promise<R>,
  atOnce = callsAtOnce,
): Promise<readonly R[]> {
  const results: R[] = [];
  for (let at = 0; at < of.length; at += atOnce)
    results.push(...(await Promise.all(of.slice(at, at + atOnce).map(read))));
  return results;
}

/** Which parts of items are read: `only` these, in which `names` stand for reserved words. */
interface Reading {
  readonly consistent: boolean;
  readonly only?: string;
  readonly names?: Record<string, string>;
}

/** The items that exist of `keys`, in no order. */
export async function getItems(
  table: Table,
  keys: readonly Key[],
  options: Reading,
): Promise<readonly Item[]> {
  const batches = Array.from({ length: Math.ceil(keys.length / 100) }, (_, at) =>
    keys.slice(at * 100, at * 100 + 100),
  );
  return (await inTurns(batches, (batch) => getBatch(table, batch, options))).flat();
}

async function getBatch(
  table: Table,
  keys: readonly Key[],
  { consistent, only, names }: Reading,
): Promise<readonly Item[]> {
  const found: Item[] = [];
  let missing: Record<string, unknown>[] = keys.map((key) => ({ ...key }));
  for (let attempt = 0; missing.length > 0; attempt++) {
    if (attempt === 8) throw unavailable("The store is busy; send this again.", 2);
    if (attempt > 0) await backOff(table, attempt);
    const request = {
      Keys: missing,
      ConsistentRead: consistent,
      ProjectionExpression: only,
      ExpressionAttributeNames: names,
    };
    const answer = await table.db.send(
      new BatchGetCommand({ RequestItems: { [table.name]: request } }),
    );
    found.push(...(answer.Responses?.[table.name] ?? []));
    missing = answer.UnprocessedKeys?.[table.name]?.Keys ?? [];
  }
  return found;
}
