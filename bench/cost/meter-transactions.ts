import {
  type AttributeValue,
  BatchGetItemCommand,
  type DynamoDBClient,
  type TransactGetItem,
  TransactionCanceledException,
  type TransactWriteItem,
} from "@aws-sdk/client-dynamodb";
import {
  type Change,
  indexWriteUnits,
  transactionalReadUnits,
  transactionalWriteUnits,
} from "./billing.ts";
import type { Item } from "./item-size.ts";

/** One call of the client. */
export interface Call {
  /** As DynamoDB names it, such as `GetItem`. */
  readonly name: string;
  readonly input: object;
  /** The parts of a transaction that writes. */
  readonly writes: readonly TransactWriteItem[];
  /** The parts of a transaction that reads. */
  readonly gets: readonly TransactGetItem[];
}

/** A call as the middleware of the client sees it. */
export function readCall(commandName: string, input: object): Call {
  const name = commandName.replace("Command", "");
  const { TransactItems: items = [] } = input as {
    TransactItems?: TransactWriteItem[] & TransactGetItem[];
  };
  const isWriting = name === "TransactWriteItems";
  return { name, input, writes: isWriting ? items : [], gets: isWriting ? [] : items };
}

export const isTransaction = ({ name }: Call) => name.startsWith("Transact");

export const isWrite = ({ name }: Call) => /^(Put|Update|Delete|BatchWrite)Item$/.test(name);

interface Units {
  readonly readUnits?: number;
  readonly writeUnits?: number;
  readonly indexWriteUnits?: number;
}

/** Sends a transaction, and adds what its items cost: also where it is cancelled, since AWS takes that too. */
export async function transactionUnits<T>(
  db: DynamoDBClient,
  { writes, gets }: Call,
  add: (units: Units) => void,
  send: () => Promise<T>,
): Promise<T> {
  for (const item of await itemsOf(
    db,
    gets.map(({ Get }) => placeOf(Get ?? {})),
  ))
    add({ readUnits: transactionalReadUnits(item) });
  const places = writes.map(placeOfWrite);
  const before = await itemsOf(db, places);
  try {
    const sent = await send();
    const after = await itemsOf(db, places);
    for (const [at] of places.entries()) {
      const change: Change = { before: before[at], after: after[at] };
      add({
        writeUnits: transactionalWriteUnits(change),
        indexWriteUnits: indexWriteUnits(change),
      });
    }
    return sent;
  } catch (error) {
    if (error instanceof TransactionCanceledException)
      for (const [at, { Put }] of writes.entries())
        add({ writeUnits: transactionalWriteUnits({ before: before[at], after: Put?.Item }) });
    throw error;
  }
}

/** Where an item lies. */
interface Place {
  readonly table: string;
  readonly key: { readonly pk: AttributeValue; readonly sk: AttributeValue };
}

function placeOfWrite({ Put, Update, Delete, ConditionCheck }: TransactWriteItem): Place {
  if (Put) return placeOf({ TableName: Put.TableName, Key: Put.Item });
  return placeOf(Update ?? Delete ?? ConditionCheck ?? {});
}

function placeOf({
  TableName = "",
  Key = {},
}: {
  TableName?: string | undefined;
  Key?: Item | undefined;
}): Place {
  // Every item of the table has both.
  return { table: TableName, key: { pk: Key.pk, sk: Key.sk } as Place["key"] };
}

/** The items at these places, in this order. */
async function itemsOf(
  db: DynamoDBClient,
  places: readonly Place[],
): Promise<readonly (Item | undefined)[]> {
  const [first] = places;
  if (!first) return [];
  const request = { Keys: places.map(({ key }) => key), ConsistentRead: true };
  const answer = await db.send(
    new BatchGetItemCommand({ RequestItems: { [first.table]: request } }),
  );
  if (Object.keys(answer.UnprocessedKeys ?? {}).length > 0)
    throw new Error("The items of a transaction are too large to be read at once.");
  const nameOf = ({ pk, sk }: Item) => JSON.stringify([pk?.S, sk?.S]);
  const found = new Map(
    (answer.Responses?.[first.table] ?? []).map((item) => [nameOf(item), item]),
  );
  return places.map(({ key }) => found.get(nameOf(key)));
}
