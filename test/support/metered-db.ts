import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { testDb } from "./table.ts";

export interface Cost {
  /** Of the calls only those that waited for one another. */
  readonly roundTrips: number;
  readonly readUnits: number;
  readonly writeUnits: number;
  readonly calls: number;
}

const none: Cost = { roundTrips: 0, readUnits: 0, writeUnits: 0, calls: 0 };

/** A client that tells what DynamoDB charges for plain reads and writes; transactions it reports wrong. */
export function meteredDb(): {
  readonly db: DynamoDBDocumentClient;
  readonly costOf: (work: () => Promise<unknown>) => Promise<Cost>;
} {
  const db = testDb();
  let cost = none;
  let ended = 0;
  db.middlewareStack.add(
    (next, context) => async (args) => {
      // A call waits for those that ended before it began.
      const depth = ended + 1;
      const answer = await next({
        ...args,
        input: { ...args.input, ReturnConsumedCapacity: "TOTAL" },
      });
      ended = Math.max(ended, depth);
      const units = unitsOf(answer.output);
      const isRead = /^(Query|GetItem)/.test(String(context.commandName));
      cost = {
        roundTrips: Math.max(cost.roundTrips, depth),
        readUnits: cost.readUnits + (isRead ? units : 0),
        writeUnits: cost.writeUnits + (isRead ? 0 : units),
        calls: cost.calls + 1,
      };
      return answer;
    },
    { step: "initialize", name: "metered", priority: "low" },
  );
  const costOf = async (work: () => Promise<unknown>) => {
    cost = none;
    ended = 0;
    await work();
    return cost;
  };
  return { db, costOf };
}

/** Not a number where the store does not tell, so that no comparison holds. */
function unitsOf(output: object): number {
  const { ConsumedCapacity } = output as { ConsumedCapacity?: { CapacityUnits?: number } };
  return ConsumedCapacity?.CapacityUnits ?? Number.NaN;
}
