import { randomUUID } from "node:crypto";
import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  type BatchWriteItemCommandOutput,
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  TransactGetItemsCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { GetCommand } from "@aws-sdk/lib-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import { afterEach, describe, expect, test } from "@jest/globals";
import { type Faults, noFaults, readFaults } from "../../local/gateway/faults-spec.ts";
import { handClock } from "../support/deployment.ts";
import { troubledDb, withOwnErrors } from "../support/faults.ts";
import { failLocalRun } from "../support/local-run.ts";
import { tableName, testDb } from "../support/table.ts";

const atEnd: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const stop of atEnd.splice(0)) await stop();
});

/** A client that sends each call once, unless told otherwise. */
async function clientWith(faults: Partial<Faults>, maxAttempts = 1, now?: () => number) {
  const { connection, stop } = await troubledDb(faults, now);
  const db = new DynamoDBClient({ ...connection, maxAttempts });
  withOwnErrors(db);
  atEnd.push(() => db.destroy(), stop);
  return db;
}

const TableName = tableName;
const aKey = () => ({ pk: { S: `faults-${randomUUID()}` }, sk: { S: "#" } });

const isThere = async (key: ReturnType<typeof aKey>) => {
  const get = new GetCommand({ TableName, Key: unmarshall(key), ConsistentRead: true });
  return (await testDb().send(get)).Item !== undefined;
};

/** What a call that fails is answered. */
const refusalOf = (sent: Promise<unknown>) =>
  sent.then(
    () => undefined,
    (error: unknown) => error,
  );

const putsOf = (keys: readonly ReturnType<typeof aKey>[]) =>
  new TransactWriteItemsCommand({
    TransactItems: keys.map((Item) => ({ Put: { TableName, Item } })),
  });

describe("a conflict", () => {
  test("cancels a transaction for one of its items, and nothing is written", async () => {
    const db = await clientWith({ conflicts: 1 });
    const keys = [aKey(), aKey(), aKey()];
    const refusal = await refusalOf(db.send(putsOf(keys)));
    expect(refusal).toMatchObject({
      name: "TransactionCanceledException",
      $metadata: { httpStatusCode: 400, attempts: 1 },
      message: expect.stringMatching(
        /^Transaction cancelled, please refer cancellation reasons for specific reasons \[(None|TransactionConflict)(, (None|TransactionConflict)){2}\]$/,
      ),
    });
    const reasons = (refusal as { CancellationReasons: { Code: string }[] }).CancellationReasons;
    expect(reasons.map(({ Code }) => Code).toSorted()).toEqual([
      "None",
      "None",
      "TransactionConflict",
    ]);
    expect(reasons).toContainEqual({
      Code: "TransactionConflict",
      Message: "Transaction is ongoing for the item",
    });
    expect(await Promise.all(keys.map(isThere))).toEqual([false, false, false]);
  });

  test("cancels a transaction that reads", async () => {
    const db = await clientWith({ conflicts: 1 });
    const TransactItems = [{ Get: { TableName, Key: aKey() } }];
    await expect(db.send(new TransactGetItemsCommand({ TransactItems }))).rejects.toMatchObject({
      name: "TransactionCanceledException",
      CancellationReasons: [{ Code: "TransactionConflict" }],
    });
  });

  test.each([
    ["put", (Key: ReturnType<typeof aKey>) => new PutItemCommand({ TableName, Item: Key })],
    ["update", (Key: ReturnType<typeof aKey>) => new UpdateItemCommand({ TableName, Key })],
    ["delete", (Key: ReturnType<typeof aKey>) => new DeleteItemCommand({ TableName, Key })],
  ])("refuses a single %s", async (_, commandOf) => {
    const db = await clientWith({ conflicts: 1 });
    const key = aKey();
    // The union of commands fits no single overload.
    await expect(db.send(commandOf(key) as PutItemCommand)).rejects.toMatchObject({
      name: "TransactionConflictException",
      $metadata: { httpStatusCode: 400 },
    });
    expect(await isThere(key)).toBe(false);
  });

  test("is nothing that a read can meet", async () => {
    const db = await clientWith({ conflicts: 1 });
    const get = new GetItemCommand({ TableName, Key: aKey() });
    expect((await db.send(get)).Item).toBeUndefined();
  });
});

describe("throttling", () => {
  test("refuses any call by one of two names, and nothing is written", async () => {
    const db = await clientWith({ throttling: 1 });
    const keys = Array.from({ length: 12 }, aKey);
    const refusals = await Promise.all(
      keys.map((Item) => refusalOf(db.send(new PutItemCommand({ TableName, Item })))),
    );
    const names = refusals.map((error) => (error as Error).name);
    expect([...new Set(names)].toSorted()).toEqual([
      "ProvisionedThroughputExceededException",
      "ThrottlingException",
    ]);
    expect(await Promise.all(keys.map(isThere))).toEqual(keys.map(() => false));
  });

  test("sometimes cancels a transaction instead", async () => {
    const db = await clientWith({ throttling: 1 });
    const codes = new Set<string>();
    for (let at = 0; at < 24; at++) {
      const error = await refusalOf(db.send(putsOf([aKey(), aKey()])));
      const { name, CancellationReasons: reasons = [] } = error as {
        name: string;
        CancellationReasons?: { Code: string }[];
      };
      for (const { Code } of reasons.length > 0 ? reasons : [{ Code: name }]) codes.add(Code);
    }
    expect([...codes].toSorted()).toEqual([
      "None",
      "ProvisionedThroughputExceeded",
      "ProvisionedThroughputExceededException",
      "ThrottlingError",
      "ThrottlingException",
    ]);
  });

  test("leaves a part of a batch undone, and a client that sends it again gets everything done", async () => {
    const db = await clientWith({ throttling: 1 });
    const keys = Array.from({ length: 20 }, aKey);
    const isLeft = new Set<boolean>();
    let RequestItems: BatchWriteItemCommand["input"]["RequestItems"] = {
      [TableName]: keys.map((Item) => ({ PutRequest: { Item } })),
    };
    for (let sends = 0; sends < 200 && RequestItems; sends++) {
      const sent: number = RequestItems[TableName]?.length ?? 0;
      const command: BatchWriteItemCommand = new BatchWriteItemCommand({ RequestItems });
      const answer: BatchWriteItemCommandOutput | undefined = await db
        .send(command)
        .catch(() => undefined);
      // One item alone is refused or done, never left.
      if (!answer && sent === 1) break;
      if (!answer) continue;
      const left: number = answer.UnprocessedItems?.[TableName]?.length ?? 0;
      isLeft.add(left > 0 && left < sent);
      RequestItems = left > 0 ? answer.UnprocessedItems : undefined;
    }
    expect(isLeft).toEqual(new Set([true]));
    expect((await Promise.all(keys.map(isThere))).filter((there) => !there)).toHaveLength(1);
  });

  test("answers keys that were not read with how they were to be read", async () => {
    const whole = await clientWith({});
    const keys = Array.from({ length: 20 }, aKey);
    for (const Item of keys) await whole.send(new PutItemCommand({ TableName, Item }));
    const db = await clientWith({ throttling: 1 });
    const RequestItems = {
      [TableName]: { Keys: keys, ConsistentRead: true, ProjectionExpression: "pk" },
    };
    const send = () => db.send(new BatchGetItemCommand({ RequestItems })).catch(() => undefined);
    const answers = [await send(), await send(), await send(), await send(), await send()];
    const answer = answers.find((one) => one !== undefined);
    const { Keys = [], ...how } = answer?.UnprocessedKeys?.[TableName] ?? {};
    expect(how).toEqual({ ConsistentRead: true, ProjectionExpression: "pk" });
    const found = (answer?.Responses?.[TableName] ?? []).map(({ pk }) => String(pk?.S));
    expect([...found, ...Keys.map(({ pk }) => String(pk?.S))].toSorted()).toEqual(
      keys.map(({ pk }) => pk.S).toSorted(),
    );
    expect(found.length * Keys.length).toBeGreaterThan(0);
  });
});

describe("a lost answer", () => {
  test("is a broken connection or an internal error, and what was asked is done", async () => {
    const db = await clientWith({ lost: 1 });
    const keys = Array.from({ length: 12 }, aKey);
    const errors = await Promise.all(
      keys.map((Item) => refusalOf(db.send(new PutItemCommand({ TableName, Item })))),
    );
    const kinds = errors.map(
      (error) => (error as { code?: string; name: string }).code ?? (error as Error).name,
    );
    expect([...new Set(kinds)].toSorted()).toEqual(["ECONNRESET", "InternalServerError"]);
    expect(await Promise.all(keys.map(isThere))).toEqual(keys.map(() => true));
  });

  // Seeds by which the first answer is lost and the second is not.
  test.each([
    ["a broken connection", 2],
    ["an internal error", 9],
  ])(
    "of a transaction is made good by the SDK after %s: sent again, it is not done again",
    async (_, seed) => {
      const db = await clientWith({ lost: 0.5, seed }, 4);
      const key = aKey();
      const add = {
        TableName,
        Key: key,
        UpdateExpression: "ADD added :one",
        ExpressionAttributeValues: { ":one": { N: "1" } },
      };
      const answer = await db.send(
        new TransactWriteItemsCommand({
          TransactItems: [{ Update: add }],
          ClientRequestToken: randomUUID(),
        }),
      );
      expect(answer.$metadata.attempts).toBe(2);
      const get = new GetCommand({ TableName, Key: unmarshall(key), ConsistentRead: true });
      expect((await testDb().send(get)).Item?.added).toBe(1);
    },
  );
});

describe("a late index", () => {
  const lag = 2000;
  const indexed = (gsi1pk: string, at: number) => ({
    ...aKey(),
    gsi1pk: { S: gsi1pk },
    gsi1sk: { S: `GROUP#${at}` },
  });
  const shownIn = async (db: DynamoDBClient, gsi1pk: string, IndexName: string | undefined) => {
    const query = new QueryCommand({
      TableName,
      IndexName,
      KeyConditionExpression: "gsi1pk = :pk",
      ExpressionAttributeValues: { ":pk": { S: gsi1pk } },
    });
    const { Items = [], Count } = await db.send(query);
    expect(Count).toBe(Items.length);
    return Items.map(({ gsi1sk }) => gsi1sk?.S);
  };

  test("hides what was written a moment ago and shows it when the time has passed", async () => {
    const clock = handClock();
    const db = await clientWith({ lag }, 1, clock.now);
    const of = randomUUID();
    await db.send(new PutItemCommand({ TableName, Item: indexed(of, 1) }));
    expect(await shownIn(db, of, "gsi1")).toEqual([]);
    clock.pass(lag - 1);
    expect(await shownIn(db, of, "gsi1")).toEqual([]);
    clock.pass(1);
    expect(await shownIn(db, of, "gsi1")).toEqual(["GROUP#1"]);
  });

  test("still shows what was deleted, in its place", async () => {
    const clock = handClock();
    const db = await clientWith({ lag }, 1, clock.now);
    const of = randomUUID();
    const items = [1, 2, 3].map((at) => indexed(of, at));
    const requests = items.map((Item) => ({ PutRequest: { Item } }));
    await db.send(new BatchWriteItemCommand({ RequestItems: { [TableName]: requests } }));
    clock.pass(lag);
    const { pk = { S: "" }, sk = { S: "" } } = items[1] ?? {};
    const Delete = { TableName, Key: { pk, sk } };
    await db.send(new TransactWriteItemsCommand({ TransactItems: [{ Delete }] }));
    expect(await shownIn(db, of, "gsi1")).toEqual(["GROUP#1", "GROUP#2", "GROUP#3"]);
    clock.pass(lag);
    expect(await shownIn(db, of, "gsi1")).toEqual(["GROUP#1", "GROUP#3"]);
  });

  test("shows an item that moved where it was", async () => {
    const clock = handClock();
    const db = await clientWith({ lag }, 1, clock.now);
    const [from, to] = [randomUUID(), randomUUID()];
    const item = indexed(from, 1);
    await db.send(new PutItemCommand({ TableName, Item: item }));
    clock.pass(lag);
    await db.send(
      new UpdateItemCommand({
        TableName,
        Key: { pk: item.pk, sk: item.sk },
        UpdateExpression: "SET gsi1pk = :to",
        ExpressionAttributeValues: { ":to": { S: to } },
      }),
    );
    expect([await shownIn(db, from, "gsi1"), await shownIn(db, to, "gsi1")]).toEqual([
      ["GROUP#1"],
      [],
    ]);
    clock.pass(lag);
    expect([await shownIn(db, from, "gsi1"), await shownIn(db, to, "gsi1")]).toEqual([
      [],
      ["GROUP#1"],
    ]);
  });

  test("shows what was deleted only where a query's bound and filter let it", async () => {
    const clock = handClock();
    const db = await clientWith({ lag }, 1, clock.now);
    const of = randomUUID();
    const items = [1, 2, 3].map((at) => indexed(of, at));
    for (const Item of items) await db.send(new PutItemCommand({ TableName, Item }));
    clock.pass(lag);
    for (const { pk, sk } of items)
      await db.send(new DeleteItemCommand({ TableName, Key: { pk, sk } }));
    const first = String(items[0]?.pk.S);
    const query = (filter: object) =>
      db.send(
        new QueryCommand({
          TableName,
          IndexName: "gsi1",
          KeyConditionExpression: "gsi1pk = :pk AND gsi1sk < :below",
          ...filter,
        }),
      );
    const values = { ":pk": { S: of }, ":below": { S: "GROUP#3" } };
    const below = await query({ ExpressionAttributeValues: values });
    expect(below.Items?.map(({ gsi1sk }) => gsi1sk?.S)).toEqual(["GROUP#1", "GROUP#2"]);
    const filtered = await query({
      FilterExpression: "begins_with(pk, :of)",
      ExpressionAttributeValues: { ...values, ":of": { S: first } },
    });
    expect(filtered.Items?.map(({ gsi1sk }) => gsi1sk?.S)).toEqual(["GROUP#1"]);
  });

  test("does not notice a write that was refused", async () => {
    const clock = handClock();
    const db = await clientWith({ lag }, 1, clock.now);
    const of = randomUUID();
    const item = indexed(of, 1);
    await db.send(new PutItemCommand({ TableName, Item: item }));
    clock.pass(lag);
    const remove = new DeleteItemCommand({
      TableName,
      Key: { pk: item.pk, sk: item.sk },
      ConditionExpression: "attribute_not_exists(pk)",
    });
    await expect(db.send(remove)).rejects.toThrow("conditional");
    await testDb().send(
      new PutItemCommand({ TableName, Item: { ...item, gsi1sk: { S: "GROUP#9" } } }),
    );
    expect(await shownIn(db, of, "gsi1")).toEqual(["GROUP#9"]);
  });
});

test("the same seed troubles the same calls, another seed others", async () => {
  const outcomes = async (seed: number) => {
    const db = await clientWith({ conflicts: 0.3, throttling: 0.3, lost: 0.3, seed });
    const names: string[] = [];
    for (let at = 0; at < 30; at++) {
      const error = await refusalOf(db.send(putsOf([aKey(), aKey()])));
      names.push(error instanceof Error ? `${error.name} ${error.message}` : "done");
    }
    return names;
  };
  const first = await outcomes(5);
  expect(await outcomes(5)).toEqual(first);
  expect(await outcomes(6)).not.toEqual(first);
  expect(new Set(first).size).toBeGreaterThan(4);
});

describe("the option", () => {
  test("is read", () => {
    expect(readFaults("conflicts=0.2,throttling=0.1,lost=0.05,lag=2000,seed=7")).toEqual({
      conflicts: 0.2,
      throttling: 0.1,
      lost: 0.05,
      lag: 2000,
      seed: 7,
      secrets: "up",
    });
    expect(readFaults("secrets=throttled")).toEqual({ ...noFaults, secrets: "throttled" });
  });

  test.each([
    [
      "conflict=1",
      'There is no fault "conflict"; there are conflicts, throttling, lost, lag, seed, secrets.',
    ],
    ["", 'There is no fault ""; there are conflicts, throttling, lost, lag, seed, secrets.'],
    ["lost=2", 'lost must be a rate from 0 to 1, not "2".'],
    ["lost=", 'lost must be a rate from 0 to 1, not "".'],
    ["lag=1.5", 'lag must be a whole number of milliseconds, not "1.5".'],
    ["seed=x", 'seed must be a whole number, not "x".'],
    ["lost=1,lost=1", "lost is given twice."],
    ["secrets=away", 'secrets must be one of up, down, throttled, slow, not "away".'],
  ])("%j is refused", (text, message) => {
    expect(() => readFaults(text)).toThrow(message);
  });

  test("is refused by npm start in one line where it is wrong", async () => {
    const { code, output } = await failLocalRun({ args: ["--faults", "lost=2"] });
    expect(code).toBe(1);
    expect(output).toContain(
      `argument 'lost=2' is invalid. lost must be a rate from 0 to 1, not "2".`,
    );
  });
});
