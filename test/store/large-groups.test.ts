import { BatchWriteCommand } from "@aws-sdk/lib-dynamodb";
import { beforeAll, describe, expect, test } from "@jest/globals";
import { v7 } from "uuid";
import { backgroundWork } from "../../lambdas/store/dynamodb/background.ts";
import { groupStore } from "../../lambdas/store/dynamodb/groups.ts";
import { membersConcerned, putMember } from "../../lambdas/store/dynamodb/memberships.ts";
import { inTurns } from "../../lambdas/store/dynamodb/read.ts";
import { meteredDb } from "../support/metered-db.ts";
import { seedUsers } from "../support/seed.ts";
import {
  aGroup,
  aTenant,
  countingDb,
  defaultRules,
  membersOf,
  testTable,
  update,
} from "../support/store.ts";
import { tableName, testDb } from "../support/table.ts";

const tenant = aTenant();
let users: readonly string[];
beforeAll(async () => {
  users = await seedUsers(testTable(), tenant, 3000);
}, 60_000);

const newGroup = () =>
  groupStore(testTable()).create(tenant, aGroup(`g-${v7()}`), [], defaultRules);

describe("what a change of 600 members asks of a group", () => {
  /** Memberships as they are in the table; their users play no part here. */
  async function groupOf(size: number): Promise<string> {
    const { group } = await newGroup();
    const db = testDb();
    const items = Array.from({ length: size }, () => {
      const { Put } = putMember(testTable(), tenant, group.id, { id: v7(), type: "User" });
      return { PutRequest: { Item: (Put as { Item: Record<string, unknown> }).Item } };
    });
    const batches = Array.from({ length: size / 25 }, (_, n) => items.slice(n * 25, n * 25 + 25));
    await inTurns(batches, (batch) =>
      db.send(new BatchWriteCommand({ RequestItems: { [tableName]: batch } })),
    );
    return group.id;
  }

  const change = {
    kind: "update",
    add: Array.from({ length: 600 }, () => ({ id: v7(), type: "User" as const })),
    remove: [],
  } as const;

  test.each([
    { size: 100, mostUnits: 6 },
    { size: 20_000, mostUnits: 800 },
  ])(
    "of $size is bounded by its own size, however large the group",
    async ({ size, mostUnits }) => {
      const id = await groupOf(size);
      const { db, costOf } = meteredDb();
      const { readUnits, calls } = await costOf(() =>
        membersConcerned(testTable({ db }), tenant, id, change),
      );
      expect(calls).toBeLessThanOrEqual(10);
      expect(readUnits).toBeLessThanOrEqual(mostUnits);
    },
  );
});

describe("while a large change is carried over", () => {
  test("runs that wake meanwhile leave it to the one that is at it, and each member is written once", async () => {
    const { group } = await newGroup();
    await groupStore(testTable()).changeMembers(tenant, group.id, update(users), defaultRules);
    const { db, calls } = countingDb();
    const run = () =>
      backgroundWork(testTable({ db }), {
        writeUnitsPerSecond: 3000,
        deleteSecret: async () => undefined,
      }).run(Date.now() + 50_000, {
        tenant,
        groupId: group.id,
      });

    const reports = await Promise.all([run(), run(), run(), run()]);

    expect(reports.map(({ left }) => left)).toEqual([false, false, false, false]);
    const steps = calls.filter((call) => call === "TransactWrite").length;
    expect(steps).toBeLessThanOrEqual(Math.ceil(users.length / 90) + 2);
    expect(await membersOf(tenant, group.id)).toEqual(users);
  }, 60_000);
});
