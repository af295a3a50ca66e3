import { setTimeout as pause } from "node:timers/promises";
import { BatchWriteCommand } from "@aws-sdk/lib-dynamodb";
import { expect, test } from "@jest/globals";
import { v7 } from "uuid";
import { backgroundWork } from "../../lambdas/store/dynamodb/background.ts";
import { readMark } from "../../lambdas/store/dynamodb/deletion-mark.ts";
import { groupStore } from "../../lambdas/store/dynamodb/groups.ts";
import { putMember, readMemberships } from "../../lambdas/store/dynamodb/memberships.ts";
import { pacer } from "../../lambdas/store/dynamodb/pacer.ts";
import { sweep } from "../../lambdas/store/dynamodb/sweep.ts";
import { userStore } from "../../lambdas/store/dynamodb/users.ts";
import { audit } from "../support/audit.ts";
import { finishWork, leavePending, workLeft } from "../support/crash.ts";
import {
  aGroup,
  aTenant,
  defaultRules,
  doBackgroundWork,
  itemsOf,
  membersOf,
  someUsers,
  testTable,
  update,
} from "../support/store.ts";

const table = testTable();
const users = userStore(table);
const groups = groupStore(table);

const deleteUser = async (tenant: string, id: string) => {
  const user = await users.get(tenant, id);
  if (user) await users.delete(tenant, user, defaultRules);
};

const aGroupOf = async (tenant: string, members: readonly string[], name = "g") =>
  (await groups.create(tenant, aGroup(name), members, defaultRules)).group;

/** Sweeps all that a tenant has marked, whatever of other work waits. */
async function sweepAlone(tenant: string): Promise<number> {
  const marks = (await itemsOf(tenant)).filter(({ pk }) => pk === `T#${tenant}#SWEEP`);
  const pacerOf = () => pacer(table, 1_000_000);
  const sweeping = { table, tenant, pacerOf, isTimeUp: () => false };
  return (await sweep(sweeping, marks.map(readMark))).length;
}

test("what was deleted leaves the table, and each group that it was in has one more version", async () => {
  const tenant = aTenant();
  const [a = "", b = "", c = ""] = await someUsers(tenant, 3);
  const child = await aGroupOf(tenant, [c], "child");
  const both = await aGroupOf(tenant, [a, b, child.id], "both");
  const one = await aGroupOf(tenant, [b, c], "one");
  const none = await aGroupOf(tenant, [c], "none");
  await deleteUser(tenant, a);
  await deleteUser(tenant, b);
  await groups.delete(tenant, child, defaultRules);
  await finishWork(tenant);

  const versions = async () =>
    Promise.all([both, one, none].map(async ({ id }) => (await groups.get(tenant, id))?.version));
  expect(await versions()).toEqual([2, 2, 1]);
  const moved = await groups.get(tenant, both.id);
  expect(moved?.lastModified).not.toBe(both.lastModified);
  expect(await membersOf(tenant, one.id)).toEqual([c]);
  expect(await workLeft(tenant)).toEqual([]);
  expect(await audit(tenant)).toEqual([]);
  await finishWork(tenant);
  expect(await versions()).toEqual([2, 2, 1]);
});

test("nothing is swept while a writer that found it alive may still write", async () => {
  const tenant = aTenant();
  const [a = ""] = await someUsers(tenant, 1);
  const { id } = await aGroupOf(tenant, [a]);
  await deleteUser(tenant, a);
  await doBackgroundWork(tenant, { now: () => new Date(Date.now() + 149_000) });
  expect([...(await readMemberships(table, tenant, id)).members.keys()]).toEqual([a]);
});

test("a deleted member is in no group either that gets it by a change that is still pending", async () => {
  const tenant = aTenant();
  const ids = await someUsers(tenant, 100);
  const [gone = "", ...rest] = ids;
  const { id } = await aGroupOf(tenant, []);
  await leavePending(tenant, id, ids);
  await deleteUser(tenant, gone);
  expect(await membersOf(tenant, id)).toEqual(rest);

  expect(await sweepAlone(tenant)).toBe(1);
  expect(await membersOf(tenant, id)).toEqual(rest);
  expect(await groups.membersAmong(tenant, id, [gone])).toEqual([]);

  await finishWork(tenant);
  expect(await membersOf(tenant, id)).toEqual(rest);
  expect(await workLeft(tenant)).toEqual([]);
  expect(await audit(tenant)).toEqual([]);
});

test("a group's version moves where a change is carried over without members that were deleted", async () => {
  const tenant = aTenant();
  const ids = await someUsers(tenant, 100);
  const { id } = await aGroupOf(tenant, []);
  await leavePending(tenant, id, ids);
  const before = await groups.get(tenant, id);
  await deleteUser(tenant, ids[0] ?? "");
  await pause(2);
  await finishWork(tenant);
  const after = await groups.get(tenant, id);
  expect(after?.version).toBe((before?.version ?? 0) + 1);
  expect(after?.lastModified).not.toBe(before?.lastModified);
});

test("a mark waits for the changes alone that are older than it", async () => {
  const tenant = aTenant();
  const ids = await someUsers(tenant, 100);
  const [gone = "", ...rest] = ids;
  const past = () => new Date(Date.now() - 200_000);
  const user = await users.get(tenant, gone);
  if (user) await userStore(testTable({ now: past })).delete(tenant, user, defaultRules);
  const { id } = await aGroupOf(tenant, []);
  await leavePending(tenant, id, rest);
  expect(await sweepAlone(tenant)).toBe(0);
  expect(await audit(tenant)).toEqual([]);
});

test("a group of 5,000 is emptied at the pace that is set, and no faster", async () => {
  const tenant = aTenant();
  const group = await aGroupOf(tenant, []);
  const members = Array.from({ length: 5000 }, () =>
    putMember(table, tenant, group.id, { id: v7(), type: "User" }),
  );
  for (let at = 0; at < members.length; at += 500)
    await Promise.all(
      Array.from({ length: 20 }, (_, nth) => members.slice(at + nth * 25, at + nth * 25 + 25)).map(
        (some) =>
          table.db.send(
            new BatchWriteCommand({
              RequestItems: {
                [table.name]: some.map(({ Put }) => ({ PutRequest: { Item: Put.Item } })),
              },
            }),
          ),
      ),
    );
  await groups.delete(tenant, group, defaultRules);

  const begun = Date.now() + 151_000;
  let time = begun;
  const at = testTable({
    now: () => new Date(time),
    sleep: async (milliseconds) => {
      time += Math.max(0, milliseconds);
    },
  });
  const [mark] = (await itemsOf(tenant)).filter(({ pk }) => pk === `T#${tenant}#SWEEP`);
  const pacerOf = () => pacer(at, 500);
  const sweeping = { table: at, tenant, pacerOf, isTimeUp: () => false };
  expect(await sweep(sweeping, mark ? [readMark(mark)] : [])).toEqual([]);
  expect((time - begun) / 1000).toBeCloseTo(10, 1);
  expect((await readMemberships(table, tenant, group.id)).members.size).toBe(0);
});

test("a run whose time is up leaves the rest, and the next goes on", async () => {
  const tenant = aTenant();
  const ids = await someUsers(tenant, 60);
  const group = await aGroupOf(tenant, ids);
  await groups.delete(tenant, group, defaultRules);
  const late = testTable({ now: () => new Date(Date.now() + 151_000) });
  const run = backgroundWork(late, {
    writeUnitsPerSecond: 1000,
    deleteSecret: async () => undefined,
  });
  expect(await run.run(Date.now())).toMatchObject({ done: 0, left: true });
  await finishWork(tenant);
  expect(await workLeft(tenant)).toEqual([]);
  expect(await audit(tenant)).toEqual([]);
});

test("a member that was deleted can be removed, and does not come back", async () => {
  const tenant = aTenant();
  const [a = "", b = ""] = await someUsers(tenant, 2);
  const { id } = await aGroupOf(tenant, [a, b]);
  await deleteUser(tenant, a);
  await groups.changeMembers(tenant, id, update([], [a]), defaultRules);
  await finishWork(tenant);
  expect((await groups.get(tenant, id))?.version).toBe(2);
  expect(await audit(tenant)).toEqual([]);
});
