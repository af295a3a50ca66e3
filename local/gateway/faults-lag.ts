import { isObject, type Json, type JsonObject, readList, textOrEmpty } from "../json.ts";
import type { Answer, Call, Service } from "./exchange.ts";
import {
  callOf,
  type DynamoDbCall,
  dynamoDbAnswer,
  readDynamoDbCall,
  readOutput,
} from "./faults-call.ts";
import { type Written, writtenHistory } from "./faults-lag-history.ts";
import { type IndexQuery, matchesQuery, mergeInOrder, readQuery } from "./faults-lag-query.ts";
import { type TableKeys, tableKeys } from "./faults-lag-tables.ts";

/**
 * Lets indexes follow the table only after a while: what was written since is hidden from queries
 * on them, and what was there before it is still shown, by its keys. Scans are not held back.
 */
export function laggingIndex(service: Service, lagMs: number, now: () => number): Service {
  const history = writtenHistory(lagMs, now);
  const tables = tableKeys(service);

  const write = async (call: Call, items: readonly Target[]): Promise<Answer> => {
    // Before it is done, so that no query sees it in between.
    const notes = history.begin(await readBefore(service, call, items));
    const answer = await service(call).catch((error: unknown) => {
      notes.done();
      throw error;
    });
    if (answer.status === 200) notes.done();
    else notes.withdraw();
    return answer;
  };

  return async (call) => {
    const request = readDynamoDbCall(call);
    const { operation, input } = request;
    if (operation === "Query" && input.IndexName !== undefined) {
      const keys = await tables(call, textOrEmpty(input.TableName));
      return showAsBefore(await service(call), readQuery(input, keys), history.recent());
    }
    const items = await Promise.all(
      targetsOf(request).map(async ({ table, item }) => {
        const keys = await tables(call, table);
        return { table, keys, key: only(item, keys.primary) };
      }),
    );
    return items.length === 0 ? service(call) : write(call, items);
  };
}

/** An item that is about to be written. */
interface Target {
  readonly table: string;
  readonly keys: TableKeys;
  readonly key: JsonObject;
}

/** Tables and items, or keys, of what a call writes. */
function targetsOf({ operation, input }: DynamoDbCall) {
  switch (operation) {
    case "PutItem":
    case "UpdateItem":
    case "DeleteItem":
      return targetOf(input);
    case "TransactWriteItems":
      return readList(input.TransactItems).flatMap((one) => {
        const { Put, Update, Delete } = isObject(one) ? one : {};
        return targetOf(Put ?? Update ?? Delete);
      });
    case "BatchWriteItem":
      return Object.entries(isObject(input.RequestItems) ? input.RequestItems : {}).flatMap(
        ([TableName, requests]) =>
          readList(requests).flatMap((one) => {
            const { PutRequest, DeleteRequest } = isObject(one) ? one : {};
            const request = PutRequest ?? DeleteRequest;
            return isObject(request) ? targetOf({ ...request, TableName }) : [];
          }),
      );
    default:
      return [];
  }
}

function targetOf(request: Json | undefined) {
  if (!isObject(request)) return [];
  const item = request.Item ?? request.Key;
  return isObject(item) ? [{ table: textOrEmpty(request.TableName), item }] : [];
}

/** The keys, those of the indexes too, of the items as they are. */
async function readBefore(
  service: Service,
  call: Call,
  items: readonly Target[],
): Promise<readonly Written[]> {
  return Promise.all(
    items.map(async ({ table, keys, key }) => {
      const names = Object.fromEntries(keys.all.map((name, at) => [`#k${at}`, name]));
      const input = {
        TableName: table,
        Key: key,
        ConsistentRead: true,
        ProjectionExpression: Object.keys(names).join(", "),
        ExpressionAttributeNames: names,
      };
      const { Item: before } = await readOutput(await service(callOf(call, "GetItem", input)));
      return { table, key, before: isObject(before) ? before : undefined };
    }),
  );
}

async function showAsBefore(
  answer: Answer,
  query: IndexQuery,
  recent: readonly Written[],
): Promise<Answer> {
  const output = await readOutput(answer);
  if (answer.status !== 200) return dynamoDbAnswer(answer.status, output);

  const idOf = (item: JsonObject) => JSON.stringify(only(item, query.keys.primary));
  const written = new Map(
    recent
      .filter(({ table }) => table === query.table)
      .map(({ key, before }) => [idOf(key), before]),
  );
  const kept = readList(output.Items)
    .filter(isObject)
    .filter((item) => !written.has(idOf(item)));
  const old = [...written.values()]
    .filter((item) => item !== undefined)
    .filter((item) => matchesQuery(item, query, output.LastEvaluatedKey));
  const Items = mergeInOrder(kept, old, query);
  return dynamoDbAnswer(200, { ...output, Items, Count: Items.length, ScannedCount: Items.length });
}

const only = (item: JsonObject, names: readonly string[]): JsonObject =>
  Object.fromEntries(names.map((name) => [name, item[name]]));
