import { ScanCommand } from "@aws-sdk/lib-dynamodb";
import { afterAll, describe, expect, test } from "@jest/globals";
import { deletedUsers } from "../../lambdas/store/dynamodb/deleted-users.ts";
import { userErasure } from "../../lambdas/store/dynamodb/erase-user.ts";
import { groupStore } from "../../lambdas/store/dynamodb/groups.ts";
import { packIds } from "../../lambdas/store/dynamodb/member-change.ts";
import { userStore } from "../../lambdas/store/dynamodb/users.ts";
import { audit } from "../support/audit.ts";
import { cutOffAt, finishWork, isCutOff, leavePending } from "../support/crash.ts";
import {
  aGroup,
  aTenant,
  aUser,
  cutOffAfter,
  defaultRules,
  doBackgroundWork,
  membersOf,
  someUsers,
  testTable,
} from "../support/store.ts";
import { tableName, testDb } from "../support/table.ts";

const db = testDb();
afterAll(() => db.destroy());
const table = testTable({ db });
const users = userStore(table);
const groups = groupStore(table);
const erasure = userErasure(table);

/** What of a person could be found by somebody who reads the whole table. */
const person = { userName: "Ada.Lovelace@example.com", externalId: "entra-ada-1815" };
const address = "countess@home.example.com";
const ofPerson = [person.userName, person.externalId, address].map((text) => text.toLowerCase());

const create = (tenant: string) =>
  users.create(tenant, aUser({ ...person, emails: [{ value: address }] }), defaultRules);

/** The keys of all items that name the id, as text or packed, or anything of the person. */
async function itemsNaming(tenant: string, id: string): Promise<readonly string[]> {
  const found: string[] = [];
  const packed = Buffer.from(packIds([id]));
  let after: Record<string, unknown> | undefined;
  do {
    const page = await db.send(
      new ScanCommand({ TableName: tableName, ConsistentRead: true, ExclusiveStartKey: after }),
    );
    for (const item of page.Items ?? []) {
      const text = JSON.stringify(item).toLowerCase();
      const isPersons = text.includes(tenant) && ofPerson.some((one) => text.includes(one));
      const isPacked = Object.values(item).some(
        (value) => value instanceof Uint8Array && Buffer.from(value).includes(packed),
      );
      if (text.includes(id) || isPersons || isPacked) found.push(`${item.pk} ${item.sk}`);
    }
    after = page.LastEvaluatedKey;
  } while (after);
  return found;
}

/** A person in groups, in the place of a list's page, and perhaps in a change that is under way. */
async function aPersonEverywhere({ withJournal = false } = {}) {
  const tenant = aTenant();
  const [first = ""] = await someUsers(tenant, 1);
  const { id } = await create(tenant);
  const others = [first, ...(await someUsers(tenant, 2))];
  const team = await groups.create(tenant, aGroup("team"), [id, ...others], defaultRules);
  await groups.create(tenant, aGroup("alone"), [id], defaultRules);
  if (withJournal) {
    const many = await someUsers(tenant, 91);
    await leavePending(tenant, team.group.id, many, [id]);
    const late = await groups.create(tenant, aGroup("late"), [], defaultRules);
    await leavePending(tenant, late.group.id, [...many, id]);
  }
  // Both pages end behind the person.
  for (const count of [2, 1]) {
    const page = await users.page(tenant, 1, count);
    if (count === 1) await users.page(tenant, 2, count);
    expect(page.resources).toHaveLength(count);
  }
  return { tenant, id, others, teamId: team.group.id };
}

async function remove(tenant: string, id: string) {
  const user = await users.get(tenant, id);
  if (user) await users.delete(tenant, user, defaultRules);
}

describe("nothing is left of a person", () => {
  test.each([
    ["who is alive", async () => undefined],
    ["who was just deleted", remove],
    [
      "who was deleted and swept",
      async (tenant: string, id: string) => {
        await remove(tenant, id);
        await finishWork(tenant);
      },
    ],
    [
      "who was deleted, restored, and deleted once more",
      async (tenant: string, id: string) => {
        await remove(tenant, id);
        await finishWork(tenant);
        await deletedUsers(table).restore(tenant, id);
        await remove(tenant, id);
      },
    ],
  ])("%s", async (_, before) => {
    const { tenant, id, others, teamId } = await aPersonEverywhere();
    await before(tenant, id);
    expect(await itemsNaming(tenant, id)).not.toEqual([]);
    expect(await erasure.erase(tenant, id)).toEqual({
      userName: person.userName,
      wasGone: false,
      completeBy: expect.any(String),
    });
    expect(await users.get(tenant, id)).toBeUndefined();
    expect(await membersOf(tenant, teamId)).toEqual(others.toSorted());
    expect(await deletedUsers(table).restore(tenant, id)).toEqual({ kind: "unknown" });

    await finishWork(tenant);
    expect(await itemsNaming(tenant, id)).toEqual([]);
    expect(await audit(tenant)).toEqual([]);
    expect(await erasure.erase(tenant, id)).toBeUndefined();
  });

  test("whom changes that are under way add and remove", async () => {
    const { tenant, id } = await aPersonEverywhere({ withJournal: true });
    await erasure.erase(tenant, id);
    // The sweep passes by a group that has a change pending, and then by the mark.
    await finishWork(tenant);
    expect(await itemsNaming(tenant, id)).toEqual([]);
    expect(await audit(tenant)).toEqual([]);
  });
});

test("at once nothing finds who is erased, and the userName is free", async () => {
  const { tenant, id } = await aPersonEverywhere();
  await erasure.erase(tenant, id);
  expect((await deletedUsers(table).list(tenant, 10)).users).toEqual([]);
  // What is left are memberships, which the mark hides, and the mark.
  const left = await itemsNaming(tenant, id);
  expect(left.filter((name) => !/#GROUP#|#SWEEP USER#/.test(name))).toEqual([]);
  const again = await create(tenant);
  expect(again.id).not.toBe(id);
});

test("a walk that stood at the person goes on where it would have", async () => {
  const { tenant, id } = await aPersonEverywhere();
  const all: string[] = [];
  for await (const user of users.each(tenant)) all.push(user.id);
  await erasure.erase(tenant, id);
  await finishWork(tenant);
  const { resources } = await users.page(tenant, 3, 2);
  expect(resources.map((user) => user.id)).toEqual(all.slice(2, 4));
  expect(all[1]).toBe(id);
});

test("who is asked for again while memberships wait is told until when, and nothing else", async () => {
  const { tenant, id } = await aPersonEverywhere();
  const first = await erasure.erase(tenant, id);
  expect(await erasure.erase(tenant, id)).toEqual({
    userName: undefined,
    wasGone: true,
    completeBy: expect.any(String),
  });
  expect(Date.parse(String(first?.completeBy))).toBeGreaterThan(Date.now() + 150_000);
});

test("nobody is found who never was, nor in another tenant, nor a group", async () => {
  const { tenant, id, teamId } = await aPersonEverywhere();
  expect(await erasure.erase(aTenant(), id)).toBeUndefined();
  expect(await erasure.erase(tenant, teamId)).toBeUndefined();
  expect(await erasure.erase(tenant, "x")).toBeUndefined();
  expect(await users.get(tenant, id)).toBeDefined();
  expect(await groups.get(tenant, teamId)).toBeDefined();
});

test("a userName finds who has it and who had it, in whatever case", async () => {
  const { tenant, id } = await aPersonEverywhere();
  await remove(tenant, id);
  await finishWork(tenant);
  expect(await erasure.withUserName(tenant, "ADA.lovelace@example.COM")).toEqual([id]);
  const second = await create(tenant);
  expect(await erasure.withUserName(tenant, person.userName)).toEqual([second.id, id]);
  expect(await erasure.withUserName(tenant, "ada")).toEqual([]);
});

test("of an erasure and a restore that race no half is left", async () => {
  for (let attempt = 0; attempt < 8; attempt++) {
    const { tenant, id } = await aPersonEverywhere();
    await remove(tenant, id);
    const [, erased] = await Promise.all([
      deletedUsers(table).restore(tenant, id),
      erasure.erase(tenant, id),
    ]);
    expect(erased).toBeDefined();
    await finishWork(tenant);
    // Whoever came first, the erasure was asked for while the user was there, or after it was restored.
    expect(await itemsNaming(tenant, id)).toEqual([]);
    expect(await audit(tenant)).toEqual([]);
  }
});

test("an erasure that is cut off anywhere is completed by the next, or by the background work", async () => {
  for (let calls = 0, isCut = true; isCut; calls++) {
    const { tenant, id } = await aPersonEverywhere();
    isCut = await cutOffAt(calls, (cut) => userErasure(cut).erase(tenant, id));
    if (calls % 2 === 0 || (await users.get(tenant, id))) await erasure.erase(tenant, id);
    await finishWork(tenant);
    expect(await itemsNaming(tenant, id)).toEqual([]);
    expect(calls).toBeLessThan(40);
  }
});

test("background work that is cut off anywhere is completed by the next run", async () => {
  const { tenant, id } = await aPersonEverywhere();
  await remove(tenant, id);
  await finishWork(tenant);
  await erasure.erase(tenant, id);
  for (let calls = 4; calls < 24; calls++)
    await isCutOff(() => doBackgroundWork(tenant, { db: cutOffAfter(calls) }));
  await finishWork(tenant);
  expect(await itemsNaming(tenant, id)).toEqual([]);
});
