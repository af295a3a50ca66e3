import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";

/** The one table, and what a write to it takes from outside. */
export interface Table {
  readonly db: DynamoDBDocumentClient;
  readonly name: string;
  readonly now: () => Date;
  /** A new UUIDv7. */
  readonly newId: () => string;
  /** Waits, for a retry. */
  readonly sleep: (milliseconds: number) => Promise<unknown>;
  /** From 0 to below 1, for jitter. */
  readonly random: () => number;
}

/** Which release's form an item has; readers accept older ones. */
export const formatVersion = 1;
