import { type Item, itemBytes } from "./item-size.ts";

/**
 * AWS's rules for what a write or a transactional read costs, as documented at
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
 * (rounding, the larger of the item before and after, refused conditions),
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html
 * (twice for every item of a transaction, which is consumed also where the transaction does not
 * succeed) and https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.html (indexes).
 */

/** An item before and after a write; the same where it is only checked. */
export interface Change {
  readonly before: Item | undefined;
  readonly after: Item | undefined;
}

/** Units of a single write: one for each started KB of the larger of the two. */
export const writeUnits = ({ before, after }: Change): number =>
  Math.max(1, Math.ceil(Math.max(itemBytes(before), itemBytes(after)) / 1024));

/** A transaction prepares and commits each of its items, those that it only checks as well. */
export const transactionalWriteUnits = (change: Change): number => 2 * writeUnits(change);

/** Units of a transactional read: two for each started 4 KB. */
export const transactionalReadUnits = (item: Item | undefined): number =>
  2 * Math.max(1, Math.ceil(itemBytes(item) / 4096));

/**
 * Units that the index takes. It follows after the transaction, by plain writes; it holds keys
 * alone, so that an item whose keys stay costs it nothing.
 */
export function indexWriteUnits({ before, after }: Change): number {
  const [old, fresh] = [entryOf(before), entryOf(after)];
  if (old && fresh && JSON.stringify(old) === JSON.stringify(fresh)) return 0;
  return [old, fresh].reduce((units, entry) => units + Math.ceil(itemBytes(entry) / 1024), 0);
}

/** The index's entry of an item, if it has one. */
export function entryOf(item: Item | undefined): Item | undefined {
  const { pk, sk, gsi1pk, gsi1sk } = item ?? {};
  return pk && sk && gsi1pk && gsi1sk ? { pk, sk, gsi1pk, gsi1sk } : undefined;
}
