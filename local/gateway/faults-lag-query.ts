import { isObject, type Json, type JsonObject, textOrEmpty } from "../json.ts";
import type { TableKeys } from "./faults-lag-tables.ts";

/** A query on an index, as far as it must be understood to show what was there before. */
export interface IndexQuery {
  readonly table: string;
  readonly keys: TableKeys;
  readonly partitionKey: string;
  readonly sortKey: string;
  readonly partition: Json | undefined;
  readonly beginsWith: string;
  /** What sort keys lie before, all of them where it is undefined. */
  readonly below: string | undefined;
  /** With what a field of the item must begin. */
  readonly filter: { readonly field: string; readonly beginsWith: string } | undefined;
  readonly after: Json | undefined;
  readonly isBackward: boolean;
}

const condition =
  /^\S+ = (?<partition>:\w+)(?: AND begins_with\(\S+, (?<begins>:\w+)\)| AND \S+ < (?<below>:\w+))?$/;

const filterCondition = /^begins_with\((?<field>\w+), (?<begins>:\w+)\)$/;

/** @throws Error for a key condition other than the equality of the partition and the beginning or the upper bound of the sort key, and for a filter other than of a field's beginning. */
export function readQuery(input: JsonObject, keys: TableKeys): IndexQuery {
  const [partitionKey = "", sortKey = ""] = keys.indexes.get(textOrEmpty(input.IndexName)) ?? [];
  const match = condition.exec(textOrEmpty(input.KeyConditionExpression).trim())?.groups;
  if (!match) throw new Error("A late index does not understand this key condition.");
  const { FilterExpression: filter } = input;
  const filtered = filterCondition.exec(textOrEmpty(filter).trim())?.groups;
  if (filter !== undefined && !filtered)
    throw new Error("A late index does not understand this filter.");
  const values = isObject(input.ExpressionAttributeValues) ? input.ExpressionAttributeValues : {};
  return {
    table: textOrEmpty(input.TableName),
    keys,
    partitionKey,
    sortKey,
    partition: values[match.partition ?? ""],
    beginsWith: textIn(values[match.begins ?? ""]),
    below: match.below === undefined ? undefined : textIn(values[match.below]),
    filter: filtered && {
      field: filtered.field ?? "",
      beginsWith: textIn(values[filtered.begins ?? ""]),
    },
    after: input.ExclusiveStartKey,
    isBackward: input.ScanIndexForward === false,
  };
}

/** Whether `item` belongs on the page of `query` that ends with `last`. */
export function matchesQuery(item: JsonObject, query: IndexQuery, last: Json | undefined): boolean {
  const { partitionKey, sortKey, partition, beginsWith, below, filter, after } = query;
  if (partition === undefined || textIn(item[partitionKey]) !== textIn(partition)) return false;
  if (item[sortKey] === undefined || !textIn(item[sortKey]).startsWith(beginsWith)) return false;
  if (below !== undefined && Buffer.compare(bytesOf(item[sortKey]), Buffer.from(below)) >= 0)
    return false;
  if (filter && !textIn(item[filter.field]).startsWith(filter.beginsWith)) return false;
  if (isObject(after) && inOrder(query)(item, after) <= 0) return false;
  return !isObject(last) || inOrder(query)(item, last) <= 0;
}

/** Both in the order of the index. A page may so become longer than its limit. */
export const mergeInOrder = (
  items: readonly JsonObject[],
  others: readonly JsonObject[],
  query: IndexQuery,
): readonly JsonObject[] => [...items, ...others].toSorted(inOrder(query));

/** DynamoDB compares text by its bytes. */
const inOrder =
  ({ sortKey, isBackward }: IndexQuery) =>
  (one: JsonObject, other: JsonObject): number => {
    const order = Buffer.compare(bytesOf(one[sortKey]), bytesOf(other[sortKey]));
    return isBackward ? -order : order;
  };

const bytesOf = (value: Json | undefined) => Buffer.from(textIn(value));

/** The keys of indexes are strings here. */
const textIn = (value: Json | undefined): string => (isObject(value) ? textOrEmpty(value.S) : "");
