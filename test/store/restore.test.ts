import { describe, expect, test } from "@jest/globals";
import { deletedUsers } from "../../lambdas/store/dynamodb/deleted-users.ts";
import { readMark } from "../../lambdas/store/dynamodb/deletion-mark.ts";
import { groupStore } from "../../lambdas/store/dynamodb/groups.ts";
import { readMemberships } from "../../lambdas/store/dynamodb/memberships.ts";
import { sweep } from "../../lambdas/store/dynamodb/sweep.ts";
import { userStore } from "../../lambdas/store/dynamodb/users.ts";
import { audit } from "../support/audit.ts";
import { cutOffAt, finishWork, workLeft } from "../support/crash.ts";
import {
  aGroup,
  aTenant,
  aUser,
  countingDb,
  defaultRules,
  doBackgroundWork,
  itemsOf,
  membersOf,
  testTable,
  update,
} from "../support/store.ts";
import { testDb } from "../support/table.ts";

const table = testTable();
const users = userStore(table);
const groups = groupStore(table);
const restored = deletedUsers(table);

/** A deleted user who was in so many groups. */
async function aDeletedUser(count: number, rules = defaultRules) {
  const tenant = aTenant();
  const name = "jo@example.com";
  const resource = aUser({ userName: name, externalId: "jo", emails: [{ value: name }] });
  const user = await users.create(tenant, resource, defaultRules);
  const of: string[] = [];
  for (let at = 0; at < count; at++)
    of.push((await groups.create(tenant, aGroup(`g${at}`), [user.id], defaultRules)).group.id);
  await users.delete(tenant, user, rules);
  return { tenant, user, groups: of };
}

const remove = async (tenant: string, id: string) => {
  const user = await users.get(tenant, id);
  if (user) await users.delete(tenant, user, defaultRules);
};

const isWhole = async (tenant: string) => {
  expect(await workLeft(tenant)).toEqual([]);
  expect((await itemsOf(tenant)).filter(({ pk }) => pk === `T#${tenant}#DELETED`)).toEqual([]);
  expect(await audit(tenant)).toEqual([]);
};

test.each([
  ["before its memberships are swept", async () => undefined],
  ["after its memberships were swept", finishWork],
])("a user restored %s is what it was, and in its groups", async (_, work) => {
  const { tenant, user, groups: of } = await aDeletedUser(3);
  await work(tenant);
  expect(await restored.restore(tenant, user.id)).toMatchObject({ kind: "restored" });
  const back = await users.get(tenant, user.id);
  expect(back).toMatchObject({ resource: user.resource, version: 2, created: user.created });
  for (const id of of) expect(await membersOf(tenant, id)).toEqual([user.id]);
  await finishWork(tenant);
  expect((await users.groupsOf(tenant, [user.id])).get(user.id)).toHaveLength(3);
  await isWhole(tenant);
  expect(await restored.restore(tenant, user.id)).toEqual({ kind: "notDeleted" });
});

test("who took the userName keeps it: 409, and nothing is changed", async () => {
  const { tenant, user } = await aDeletedUser(1);
  const other = await users.create(tenant, aUser({ userName: "JO@example.com" }), defaultRules);
  const before = await itemsOf(tenant);
  await expect(restored.restore(tenant, user.id)).rejects.toMatchObject({
    status: 409,
    scimType: "uniqueness",
  });
  expect(await itemsOf(tenant)).toEqual(before);
  await remove(tenant, other.id);
  expect(await restored.restore(tenant, user.id)).toMatchObject({ kind: "restored" });
});

test("where no tombstones are kept nobody is restored, and nothing is left", async () => {
  const { tenant, user, groups: of } = await aDeletedUser(2, { ...defaultRules, tombstoneDays: 0 });
  expect(await restored.restore(tenant, user.id)).toEqual({ kind: "unknown" });
  await finishWork(tenant);
  for (const id of of) expect((await readMemberships(table, tenant, id)).members.size).toBe(0);
  await isWhole(tenant);
});

test("a tombstone that has expired is none, though the table holds it still", async () => {
  const { tenant, user } = await aDeletedUser(1);
  await finishWork(tenant);
  const later = deletedUsers(testTable({ now: () => new Date(Date.now() + 31 * 86_400_000) }));
  expect(await later.restore(tenant, user.id)).toEqual({ kind: "unknown" });
  expect((await later.list(tenant, 10)).users).toEqual([]);
  expect((await restored.list(tenant, 10)).users).toHaveLength(1);
});

test("an old mark does nothing to who was restored and deleted again", async () => {
  const { tenant, user, groups: of } = await aDeletedUser(2);
  const [one = "", two = ""] = of;
  // A run that read the first mark goes on after all of this.
  const marks = (await itemsOf(tenant)).filter(({ pk }) => pk === `T#${tenant}#SWEEP`);
  const pacerOf = () => ({ spent: async () => undefined });
  const old = () => sweep({ table, tenant, pacerOf, isTimeUp: () => false }, marks.map(readMark));

  await restored.restore(tenant, user.id);
  await groups.changeMembers(tenant, one, update([], [user.id]), defaultRules);
  await old();
  expect(await membersOf(tenant, two)).toEqual([user.id]);

  await remove(tenant, user.id);
  await old();
  expect(await workLeft(tenant)).toHaveLength(1);
  expect((await readMemberships(table, tenant, two)).members.size).toBe(1);
  await finishWork(tenant);
  await restored.restore(tenant, user.id);
  expect([await membersOf(tenant, one), await membersOf(tenant, two)]).toEqual([[], [user.id]]);
  await finishWork(tenant);
  await isWhole(tenant);
});

test("a group that was deleted meanwhile is not joined again", async () => {
  const { tenant, user, groups: of } = await aDeletedUser(2);
  await finishWork(tenant);
  const group = await groups.get(tenant, of[0] ?? "");
  if (group) await groups.delete(tenant, group, defaultRules);
  expect(await restored.restore(tenant, user.id)).toMatchObject({ kind: "restored", groups: 1 });
  await finishWork(tenant);
  await isWhole(tenant);
});

describe("restored while it is swept", () => {
  const late = () => new Date(Date.now() + 151_000);

  test("at any call of the sweep, a user is in all its groups", async () => {
    for (let at = 0; ; at++) {
      const { tenant, user, groups: of } = await aDeletedUser(3);
      const db = testDb();
      let calls = 0;
      db.middlewareStack.add(
        (next) => async (args) => {
          if (calls++ === at) await restored.restore(tenant, user.id);
          return next(args);
        },
        { step: "initialize", name: "restoring", priority: "low" },
      );
      await doBackgroundWork(tenant, { db });
      if (calls <= at) return expect(at).toBeGreaterThan(8);
      for (const id of of) expect(await membersOf(tenant, id)).toEqual([user.id]);
      await finishWork(tenant);
      for (const id of of) expect(await membersOf(tenant, id)).toEqual([user.id]);
      await isWhole(tenant);
    }
  });

  test("and swept at any call of the restore, too, also where that is cut off", async () => {
    for (let at = 0; ; at++) {
      const { tenant, user, groups: of } = await aDeletedUser(2);
      // A sweep that was cut off half-way has taken it out of one group.
      await cutOffAt(11, ({ db }) => doBackgroundWork(tenant, { db })).catch(() => undefined);
      const db = testDb();
      let calls = 0;
      db.middlewareStack.add(
        (next) => async (args) => {
          if (calls++ === at) await doBackgroundWork(tenant, { now: late });
          return next(args);
        },
        { step: "initialize", name: "sweeping", priority: "low" },
      );
      await deletedUsers(testTable({ db })).restore(tenant, user.id);
      await finishWork(tenant);
      for (const id of of) expect(await membersOf(tenant, id)).toEqual([user.id]);
      await isWhole(tenant);
      if (calls <= at) return expect(at).toBeGreaterThan(4);
    }
  });

  test("several restores at once make one user of it", async () => {
    const { tenant, user, groups: of } = await aDeletedUser(3);
    await finishWork(tenant);
    const all = await Promise.all(
      Array.from({ length: 5 }, () => restored.restore(tenant, user.id)),
    );
    expect(all.filter(({ kind }) => kind === "unknown")).toEqual([]);
    for (const id of of) expect(await membersOf(tenant, id)).toEqual([user.id]);
    await isWhole(tenant);
  });
});

test("a user of 300 groups is deleted, swept and restored by a few calls a group", async () => {
  const tenant = aTenant();
  const user = await users.create(tenant, aUser(), defaultRules);
  const of: string[] = [];
  for (let at = 0; at < 300; at += 20)
    of.push(
      ...(await Promise.all(
        Array.from({ length: 20 }, async (_, nth) => {
          const made = await groups.create(tenant, aGroup(`g${at + nth}`), [user.id], defaultRules);
          return made.group.id;
        }),
      )),
    );
  await users.delete(tenant, user, defaultRules);
  const swept = countingDb();
  await doBackgroundWork(tenant, { db: swept.db });
  expect(swept.calls.filter((call) => call === "TransactWriteItems")).toHaveLength(302);
  const made = countingDb();
  await deletedUsers(testTable({ db: made.db })).restore(tenant, user.id);
  expect(made.calls.length).toBeLessThanOrEqual(2 * 300 + 8);
  expect((await users.groupsOf(tenant, [user.id])).get(user.id)).toHaveLength(300);
  await isWhole(tenant);
});
