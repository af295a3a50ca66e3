import { isObject, type Json, type JsonObject, readList } from "../json.ts";
import type { Answer, Call, Service } from "./exchange.ts";
import { callOf, type DynamoDbCall, dynamoDbAnswer, readOutput } from "./faults-call.ts";
import type { Dice } from "./faults-refusals.ts";

/** What a batch asks of one table: keys to read with how to read them, or items to write. */
interface Share {
  readonly table: string;
  readonly asked: Json | undefined;
}

/**
 * Carries out a part of a batch only, and answers the rest as unprocessed. DynamoDB always does
 * something of a batch that it does not refuse.
 * @returns undefined for what is no batch, or cannot be divided.
 */
export async function inPart(
  service: Service,
  call: Call,
  { operation, input }: DynamoDbCall,
  dice: Dice,
): Promise<Answer | undefined> {
  const left = leftovers[operation];
  const shares = sharesOf(input.RequestItems);
  if (!left || shares.length < 2) return undefined;

  const done = 1 + Math.floor(dice() * (shares.length - 1));
  const RequestItems = together(shares.slice(0, done));
  const answer = await service(callOf(call, operation, { ...input, RequestItems }));
  const output = await readOutput(answer);
  if (answer.status !== 200) return dynamoDbAnswer(answer.status, output);
  const unprocessed = [...sharesOf(output[left]), ...shares.slice(done)];
  return dynamoDbAnswer(200, { ...output, [left]: together(unprocessed) });
}

const leftovers: Readonly<Record<string, string>> = {
  BatchGetItem: "UnprocessedKeys",
  BatchWriteItem: "UnprocessedItems",
};

/** One key or item each. */
function sharesOf(items: Json | undefined): readonly Share[] {
  return Object.entries(isObject(items) ? items : {}).flatMap(([table, asked]): readonly Share[] =>
    isObject(asked)
      ? readList(asked.Keys).map((key) => ({ table, asked: { ...asked, Keys: [key] } }))
      : readList(asked).map((item) => ({ table, asked: [item] })),
  );
}

function together(shares: readonly Share[]): JsonObject {
  const tables = new Map<string, Json>();
  for (const { table, asked } of shares) {
    const before = tables.get(table);
    tables.set(
      table,
      isObject(asked)
        ? {
            ...asked,
            Keys: [...readList(isObject(before) ? before.Keys : []), ...readList(asked.Keys)],
          }
        : [...readList(before), ...readList(asked)],
    );
  }
  return Object.fromEntries(tables);
}
