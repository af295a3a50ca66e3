import { randomUUID } from "node:crypto";
import { expect, test } from "@jest/globals";
import { readWork, tableFeed, type WaitingGroup } from "../../lambdas/feed/feed.ts";
import { changeKey, type Key, memberKey } from "../../lambdas/store/dynamodb/keys.ts";

const group = { tenant: "acme", groupId: randomUUID() };
const other = { tenant: "globex", groupId: randomUUID() };
const changeOf = ({ tenant, groupId }: WaitingGroup, seq = 1) => changeKey(tenant, groupId, seq);

let sequence = 0;
/** A record of the stream, as Lambda hands it on. */
function aRecord({ pk, sk }: Key, eventName = "INSERT") {
  sequence += 1;
  return {
    eventID: randomUUID(),
    eventName,
    eventSource: "aws:dynamodb",
    eventSourceARN: "arn:aws:dynamodb:us-east-1:000000000000:table/t/stream/s",
    dynamodb: {
      Keys: { pk: { S: pk }, sk: { S: sk } },
      NewImage: { pk: { S: pk }, sk: { S: sk }, kind: { S: "update" } },
      SequenceNumber: String(sequence).padStart(21, "0"),
    },
  };
}

const batch = (...records: unknown[]) => ({ Records: records });
const numberOf = (record: ReturnType<typeof aRecord>) => record.dynamodb.SequenceNumber;

test("the store's own key of a change names the group that waits", () => {
  expect(readWork(batch(aRecord(changeOf(group)), aRecord(changeOf(other))))).toEqual({
    groups: [group, other],
    unreadable: [],
  });
});

test("a change that its request carries over wakes nobody, and one that waits behind it does", () => {
  const record = aRecord(changeOf(group));
  const NewImage = { ...record.dynamodb.NewImage, byRequest: { BOOL: true } };
  const carried = { ...record, dynamodb: { ...record.dynamodb, NewImage } };
  expect(readWork(batch(carried))).toEqual({ groups: [], unreadable: [] });
  expect(readWork(batch(carried, aRecord(changeOf(group, 2)))).groups).toEqual([group]);
});

test("a group of several changes waits once", () => {
  const changes = [1, 2, 3].map((seq) => aRecord(changeOf(group, seq)));
  expect(readWork(batch(...changes)).groups).toEqual([group]);
});

test.each([
  ["a change that was carried over", aRecord(changeOf(group), "REMOVE")],
  ["a change that was written again", aRecord(changeOf(group), "MODIFY")],
  ["a membership", aRecord(memberKey(group.tenant, group.groupId, randomUUID()))],
])("%s is no work, and no fault", (_, record) => {
  expect(readWork(batch(record))).toEqual({ groups: [], unreadable: [] });
});

test.each([
  ["T#acme#GROUP#1"],
  [`T#acme#GROUP#${group.groupId}#MORE`],
  [`T#ACME#GROUP#${group.groupId}`],
  [`T#acme#USER#${group.groupId}`],
  [`T##GROUP#${group.groupId}`],
  ["anything"],
])("a change in the partition %s is named as unreadable, and the others go on", (pk) => {
  const poison = aRecord({ pk, sk: "CHANGE#x" });
  expect(readWork(batch(aRecord(changeOf(group)), poison, aRecord(changeOf(other))))).toEqual({
    groups: [group, other],
    unreadable: [numberOf(poison)],
  });
});

test("an inserted item without our keys is named as unreadable", () => {
  const record = { eventName: "INSERT", dynamodb: { SequenceNumber: "7", Keys: { id: {} } } };
  expect(readWork(batch(record))).toEqual({ groups: [], unreadable: ["7"] });
});

test.each([[{}], [batch({ eventName: "INSERT" })], [batch({ eventName: "INSERT", dynamodb: {} })]])(
  "what is no batch of records with numbers fails as a whole: %j",
  (event) => {
    expect(() => readWork(event)).toThrow("Invalid input");
  },
);

/** A feed whose worker is asleep for those groups. */
function aFeed(asleep: readonly WaitingGroup[] = []) {
  const woken: WaitingGroup[] = [];
  const reported: unknown[] = [];
  const feed = tableFeed({
    wake: async (one) => {
      if (asleep.some(({ groupId }) => groupId === one.groupId)) throw new Error("busy");
      woken.push(one);
    },
    report: (error) => reported.push(error),
  });
  return { feed, woken, reported };
}

test("the worker is woken once a group, and Lambda learns which records failed", async () => {
  const { feed, woken, reported } = aFeed();
  const poison = aRecord({ pk: "x", sk: "CHANGE#x" });
  const again = aRecord(changeOf(group, 2));

  const answer = await feed(batch(aRecord(changeOf(group)), poison, again));

  expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: numberOf(poison) }] });
  expect(woken).toEqual([group]);
  expect(reported).toEqual([]);
});

test("a worker that cannot be woken is reported, and fails no record", async () => {
  const { feed, woken, reported } = aFeed([group]);

  const answer = await feed(batch(aRecord(changeOf(group)), aRecord(changeOf(other))));

  expect(answer).toEqual({ batchItemFailures: [] });
  expect(woken).toEqual([other]);
  expect(reported).toEqual([new Error("busy")]);
});
