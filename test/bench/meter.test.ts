import { randomUUID } from "node:crypto";
import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import {
  BatchGetCommand,
  GetCommand,
  PutCommand,
  QueryCommand,
  TransactGetCommand,
  TransactWriteCommand,
  type TransactWriteCommandInput,
} from "@aws-sdk/lib-dynamodb";
import { afterAll, describe, expect, test } from "@jest/globals";
import { writeUnits } from "../../bench/cost/billing.ts";
import { type Item, itemBytes } from "../../bench/cost/item-size.ts";
import { openMeter } from "../../bench/cost/meter.ts";
import { localConfig, tableShape } from "../../bench/cost/table.ts";
import { tableShape as shapeOfTests, tableName } from "../support/table.ts";

const meter = openMeter(localConfig(process.env.TEST_DYNAMODB_ENDPOINT ?? ""));
const { db } = meter;
afterAll(() => meter.close());

type Writes = NonNullable<TransactWriteCommandInput["TransactItems"]>;
const TableName = tableName;
const aKey = () => ({ pk: `meter-${randomUUID()}`, sk: "#" });
const putting = (Item: object): Writes[number] => ({ Put: { TableName, Item: { ...Item } } });
const write = (...TransactItems: Writes) => db.send(new TransactWriteCommand({ TransactItems }));
const membershipOf = (key: object) => ({ ...key, gsi1pk: "member", gsi1sk: "group" });

test("the table is that of the stack", () => {
  expect(tableShape).toEqual(shapeOfTests);
});

describe("a transaction", () => {
  test("of ten small puts is charged 20 units and one round trip", async () => {
    const puts = Array.from({ length: 10 }, () => putting(aKey()));
    expect(await meter.measure(() => write(...puts))).toEqual({
      calls: ["TransactWriteItems"],
      roundTrips: 1,
      readUnits: 0,
      writeUnits: 20,
      indexWriteUnits: 0,
    });
  });

  const before = { text: "x".repeat(1500) };
  const removing = {
    UpdateExpression: "REMOVE #text",
    ExpressionAttributeNames: { "#text": "text" },
  };
  const checking = { ConditionExpression: "attribute_exists(pk)" };
  test.each<[string, (key: { pk: string; sk: string }) => Writes[number]]>([
    ["an update that makes it smaller", (Key) => ({ Update: { TableName, Key, ...removing } })],
    ["a put that makes it smaller", (key) => putting(key)],
    ["a delete", (Key) => ({ Delete: { TableName, Key } })],
    ["a condition check", (Key) => ({ ConditionCheck: { TableName, Key, ...checking } })],
  ])("charges an item of 1.5 KB four units for %s", async (_, change) => {
    const key = aKey();
    await write(putting({ ...key, ...before }));
    expect(await meter.measure(() => write(change(key)))).toMatchObject({ writeUnits: 4 });
  });

  test("that is cancelled is charged, but not its index", async () => {
    const taken = aKey();
    await write(putting(taken));
    const refused = write.bind(
      undefined,
      putting({ ...aKey(), ...before }),
      putting(membershipOf(aKey())),
      { Put: { TableName, Item: taken, ConditionExpression: "attribute_not_exists(pk)" } },
    );
    expect(
      await meter.measure(() => expect(refused()).rejects.toThrow("ConditionalCheckFailed")),
    ).toMatchObject({ writeUnits: 8, indexWriteUnits: 0 });
  });

  test("meets as many others as are asked for, and is charged each time", async () => {
    const one = () => write(putting(aKey()));
    const meetsOne = () =>
      expect(one()).rejects.toMatchObject({ name: "TransactionCanceledException" });
    const cost = await meter.measure(async () => {
      await meetsOne();
      await one();
    }, 1);
    expect(cost).toMatchObject({ roundTrips: 2, writeUnits: 4 });
  });

  test("charges the index for entries that come, go or move, and for no other", async () => {
    const key = aKey();
    const cost = (change: Writes[number]) => meter.measure(() => write(change));
    const entry = membershipOf(key);
    expect(await cost(putting(entry))).toMatchObject({ writeUnits: 2, indexWriteUnits: 1 });
    expect(await cost(putting({ ...entry, v: 2 }))).toMatchObject({ indexWriteUnits: 0 });
    expect(await cost(putting({ ...entry, gsi1sk: "other" }))).toMatchObject({
      indexWriteUnits: 2,
    });
    expect(await cost({ Delete: { TableName, Key: key } })).toMatchObject({ indexWriteUnits: 1 });
  });

  test("that reads is charged two units for each started 4 KB, and for what is not there", async () => {
    const large = { ...aKey(), text: "x".repeat(5000) };
    await db.send(new PutCommand({ TableName, Item: large }));
    const gets = [{ pk: large.pk, sk: large.sk }, aKey()].map((Key) => ({
      Get: { TableName, Key },
    }));
    const cost = await meter.measure(() =>
      db.send(new TransactGetCommand({ TransactItems: gets })),
    );
    expect(cost).toMatchObject({ readUnits: 6, writeUnits: 0 });
  });
});

describe("what is not there", () => {
  const query = { TableName, KeyConditionExpression: "pk = :pk" };
  const values = { ExpressionAttributeValues: { ":pk": "nothing" } };
  const batch = (ConsistentRead: boolean) =>
    new BatchGetCommand({
      RequestItems: { [TableName]: { Keys: [aKey(), aKey()], ConsistentRead } },
    });

  test.each([
    [
      "a consistent query",
      1,
      () => db.send(new QueryCommand({ ...query, ...values, ConsistentRead: true })),
    ],
    ["a query", 0.5, () => db.send(new QueryCommand({ ...query, ...values }))],
    ["a consistent batch of two", 2, () => db.send(batch(true))],
    ["a batch of two", 1, () => db.send(batch(false))],
    [
      "a consistent get",
      1,
      () => db.send(new GetCommand({ TableName, Key: aKey(), ConsistentRead: true })),
    ],
  ])("costs %s %d units", async (_, readUnits, read) => {
    expect(await meter.measure(read)).toMatchObject({ readUnits, writeUnits: 0 });
  });
});

test("a single write that is refused ends the measurement, since AWS charges it and nothing tells how much", async () => {
  const Item = aKey();
  const condition = { ConditionExpression: "attribute_exists(pk)" };
  const put = () => db.send(new PutCommand({ TableName, Item, ...condition }));
  // As the service does where it expects a refusal.
  const refused = meter.measure(() => put().catch(() => undefined));
  await expect(refused).rejects.toThrow("PutItem was refused");
});

test("calls beside each other are one round trip, calls one after the other are several", async () => {
  const get = () => db.send(new GetCommand({ TableName, Key: aKey(), ConsistentRead: true }));
  const both = () => Promise.all([get(), get()]);
  expect(await meter.measure(both)).toMatchObject({ roundTrips: 1, readUnits: 2 });
  const inTurn = async () => {
    await both();
    await get();
    await get();
  };
  expect(await meter.measure(inTurn)).toMatchObject({ roundTrips: 3, readUnits: 4 });
});

test("chains of calls beside each other are as many round trips as the longest has, whichever is faster", async () => {
  const get = () => db.send(new GetCommand({ TableName, Key: aKey() }));
  const chain = async (calls: number) => {
    for (let made = 0; made < calls; made++) await get();
  };
  const chains = () => Promise.all([3, 5, 1, 5, 4, 5, 5, 2].map(chain));
  expect(await meter.measure(chains)).toMatchObject({ roundTrips: 5, readUnits: 15 });
});

describe("the size of an item", () => {
  const B = new Uint8Array(7);
  // DynamoDB Local reports single writes right: it says where one KB ends and the next begins.
  test.each<[string, Item]>([
    ["text", { text: { S: "Grüße 👋" } }],
    ["marks", { yes: { BOOL: true }, none: { NULL: true } }],
    ["bytes", { bytes: { B } }],
    ["sets", { texts: { SS: ["a", "bcd"] }, numbers: { NS: ["1", "22"] } }],
    ["maps and lists", { map: { M: { a: { S: "b" }, list: { L: [{ N: "1" }, { M: {} }] } } } }],
  ])("with %s is what DynamoDB takes it for", async (_, fields) => {
    const { pk, sk } = aKey();
    const bare: Item = { ...fields, pk: { S: pk }, sk: { S: sk }, pad: { S: "" } };
    for (const bytes of [1024, 1025]) {
      const pad = { S: "x".repeat(bytes - itemBytes(bare)) };
      const item = { ...bare, pad, pk: { S: aKey().pk } };
      const put = { TableName, Item: item, ReturnConsumedCapacity: "TOTAL" as const };
      const { ConsumedCapacity } = await db.send(new PutItemCommand(put));
      expect(ConsumedCapacity?.CapacityUnits).toBe(bytes === 1024 ? 1 : 2);
      expect(writeUnits({ before: undefined, after: item })).toBe(bytes === 1024 ? 1 : 2);
    }
  });

  test.each([
    ["0", 1],
    ["7", 2],
    ["12", 2],
    ["123", 3],
    ["-45", 3],
    ["100", 2],
    ["1.5", 2],
  ])("takes the number %s for %i bytes, as AWS documents it", (N, bytes) => {
    expect(itemBytes({ n: { N } })).toBe("n".length + bytes);
  });
});
