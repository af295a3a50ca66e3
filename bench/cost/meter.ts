import type { ConsumedCapacity, DynamoDBClientConfig } from "@aws-sdk/client-dynamodb";
import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  TransactionCanceledException,
} from "@aws-sdk/client-dynamodb";
import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { openDb } from "../../lambdas/store/dynamodb/client.ts";
import { unitsForNothing } from "./meter-reads.ts";
import {
  type Call,
  isTransaction,
  isWrite,
  readCall,
  transactionUnits,
} from "./meter-transactions.ts";

/** What a piece of work cost. */
export interface Cost {
  /** The calls, in the order in which they began. */
  readonly calls: readonly string[];
  /** The greatest number of calls of which each began after the one before had ended, as if all took equally long. */
  readonly roundTrips: number;
  readonly readUnits: number;
  /** What the table itself takes. */
  readonly writeUnits: number;
  readonly indexWriteUnits: number;
}

export interface Meter {
  /** The client whose calls are counted, while something is measured. */
  readonly db: DynamoDBDocumentClient;
  /** Runs `work`, which must be the only user of the client meanwhile. */
  readonly measure: (work: () => Promise<unknown>, conflicts?: number) => Promise<Cost>;
  readonly close: () => void;
}

/** The state of one measurement. */
interface Recording {
  readonly calls: string[];
  /** How many rounds of calls have ended: a call that begins now belongs to the next one. */
  rounds: number;
  /** How many calls of the round have no answer yet. */
  unanswered: number;
  /** The calls that have their answer, and wait for the others of the round. */
  readonly answered: (() => void)[];
  readUnits: number;
  writeUnits: number;
  indexWriteUnits: number;
  /** Single writes whose condition did not hold. */
  readonly refused: string[];
  /** How many transactions are yet to meet another one: DynamoDB Local never lets that happen. */
  conflicts: number;
}

/**
 * A client like the service's own that tells what its calls cost: by `ConsumedCapacity`, and for
 * transactions, which DynamoDB Local reports wrong, by AWS's rules and the items before and after.
 */
export function openMeter(config: DynamoDBClientConfig): Meter {
  const db = openDb(config);
  const unmetered = new DynamoDBClient(config);
  let recording: Recording | undefined;

  db.middlewareStack.add(
    (next) => (args) =>
      next({ ...args, input: { ...args.input, ReturnConsumedCapacity: "INDEXES" } }),
    { step: "initialize", name: "askForConsumedCapacity" },
  );
  db.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        if (!recording) return next(args);
        const call = readCall(String(commandName), args.input);
        return record(recording, unmetered, call, () => next(args));
      },
    // From here on the values of items are as DynamoDB has them, not as the document client has.
    { step: "build", name: "meter" },
  );

  return {
    db,
    measure: async (work, conflicts = 0) => {
      const units = { readUnits: 0, writeUnits: 0, indexWriteUnits: 0 };
      const own: Recording = {
        calls: [],
        rounds: 0,
        unanswered: 0,
        answered: [],
        refused: [],
        ...units,
        conflicts,
      };
      recording = own;
      try {
        await work();
      } finally {
        recording = undefined;
      }
      // AWS charges it by what stands there, which the answer does not tell.
      if (own.refused.length > 0) throw new Error(`${own.refused[0]} was refused: not counted.`);
      const { calls, rounds: roundTrips, readUnits, writeUnits, indexWriteUnits } = own;
      return { calls, roundTrips, readUnits, writeUnits, indexWriteUnits };
    },
    close: () => {
      db.destroy();
      unmetered.destroy();
    },
  };
}

async function record<T extends { readonly output: object }>(
  recording: Recording,
  unmetered: DynamoDBClient,
  call: Call,
  send: () => Promise<T>,
): Promise<T> {
  recording.calls.push(call.name);
  return inRound(recording, async () => {
    if (isTransaction(call))
      return transactionUnits(unmetered, call, add(recording), async () =>
        call.name === "TransactWriteItems" && recording.conflicts-- > 0 ? conflict(call) : send(),
      );
    try {
      const sent = await send();
      addReported(recording, call, sent.output);
      return sent;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) recording.refused.push(call.name);
      throw error;
    }
  });
}

/**
 * Gives the answers of calls that are under way together at one moment, whatever each of them
 * took, so that what follows does not depend on the machine.
 */
async function inRound<T>(recording: Recording, send: () => Promise<T>): Promise<T> {
  recording.unanswered += 1;
  try {
    return await send();
  } finally {
    recording.unanswered -= 1;
    if (recording.unanswered > 0) {
      await new Promise<void>((resolve) => recording.answered.push(resolve));
    } else {
      recording.rounds += 1;
      for (const release of recording.answered.splice(0)) release();
    }
  }
}

type Units = Pick<Recording, "readUnits" | "writeUnits" | "indexWriteUnits">;

const add = (recording: Recording) => (units: Partial<Units>) => {
  recording.readUnits += units.readUnits ?? 0;
  recording.writeUnits += units.writeUnits ?? 0;
  recording.indexWriteUnits += units.indexWriteUnits ?? 0;
};

/** Adds what DynamoDB says that a call consumed. */
function addReported(recording: Recording, call: Call, output: object): void {
  const { ConsumedCapacity: said } = output as {
    ConsumedCapacity?: ConsumedCapacity | ConsumedCapacity[];
  };
  let reported = 0;
  for (const one of [said ?? []].flat()) {
    const all = one.CapacityUnits ?? 0;
    const indexes = Object.values(one.GlobalSecondaryIndexes ?? {});
    const index = indexes.reduce((sum, { CapacityUnits = 0 }) => sum + CapacityUnits, 0);
    add(recording)(
      isWrite(call) ? { writeUnits: all - index, indexWriteUnits: index } : { readUnits: all },
    );
    reported += all;
  }
  add(recording)({ readUnits: unitsForNothing(call.name, call.input, output, reported) });
}

/** What DynamoDB answers where another transaction is at an item. */
function conflict({ writes }: Call): never {
  throw new TransactionCanceledException({
    $metadata: {},
    message: "Transaction cancelled",
    CancellationReasons: writes.map((_, at) => ({
      Code: at === 0 ? "TransactionConflict" : "None",
    })),
  });
}
