import { expect, test } from "@jest/globals";
import type { Stored } from "../../lambdas/scim/stored.ts";
import { backgroundWork } from "../../lambdas/store/dynamodb/background.ts";
import { seatCountKey } from "../../lambdas/store/dynamodb/keys.ts";
import { countSeats } from "../../lambdas/store/dynamodb/seat-count.ts";
import { knownAfterSeconds, seats } from "../../lambdas/store/dynamodb/seats.ts";
import type { Table } from "../../lambdas/store/dynamodb/table.ts";
import { userStore } from "../../lambdas/store/dynamodb/users.ts";
import { audit } from "../support/audit.ts";
import { cutOffAt, finishWork } from "../support/crash.ts";
import { allTaken, withSeats } from "../support/seats.ts";
import { aTenant, aUser, defaultRules, itemsOf, someUsers, testTable } from "../support/store.ts";

const table = testTable();
const users = userStore(table);
const limits = seats(table);

const later = (seconds: number, over: Partial<Table> = {}) =>
  testTable({ now: () => new Date(Date.now() + seconds * 1000), ...over });

/** Counts as the worker does, unpaced, `seconds` after the limit was set. */
const count = (
  tenant: string,
  seconds: number,
  over: Partial<Table> = {},
  isTimeUp = () => false,
) =>
  countSeats({
    table: later(seconds, over),
    tenant,
    pacer: { spent: async () => undefined },
    isTimeUp,
  });

const isPending = async (tenant: string) =>
  (await itemsOf(tenant)).some(({ pk, sk }) => {
    const key = seatCountKey(tenant);
    return pk === key.pk && sk === key.sk;
  });

test("users that were there before a limit are counted in, past it too, and nobody else comes in", async () => {
  const tenant = aTenant();
  const ids = await someUsers(tenant, 45);
  await users.create(tenant, aUser({ active: false }), defaultRules);
  await limits.setLimit(tenant, 30);
  expect(await limits.read(tenant)).toEqual({ limit: 30, taken: 0, isCounted: false });

  expect(await count(tenant, 1)).toBe(true);
  expect(await limits.read(tenant)).toEqual({ limit: 30, taken: 45, isCounted: false });
  await expect(users.create(tenant, aUser(), withSeats(30))).rejects.toMatchObject(allTaken(30));

  // A writer that does not know of the limit yet.
  await users.create(tenant, aUser(), defaultRules);
  expect(await count(tenant, knownAfterSeconds - 1)).toBe(true);
  expect(await limits.read(tenant)).toEqual({ limit: 30, taken: 45, isCounted: false });
  expect(await count(tenant, knownAfterSeconds + 1)).toBe(true);
  expect(await limits.read(tenant)).toEqual({ limit: 30, taken: 46, isCounted: true });
  expect(await isPending(tenant)).toBe(false);
  expect(await audit(tenant)).toEqual([]);

  const { version, lastModified, created } = (await users.get(tenant, ids[0] ?? "")) as Stored;
  expect({ version, lastModified }).toEqual({ version: 1, lastModified: created });
});

test("the worker finds the count by itself, and ends it", async () => {
  const tenant = aTenant();
  await someUsers(tenant, 5);
  await limits.setLimit(tenant, 10);
  await finishWork(tenant);
  expect(await limits.read(tenant)).toEqual({ limit: 10, taken: 5, isCounted: true });
  expect(await isPending(tenant)).toBe(false);
});

test("a run of the worker counts at once, without waiting for the last pass", async () => {
  const tenant = aTenant();
  await someUsers(tenant, 3);
  await limits.setLimit(tenant, 10);
  const run = backgroundWork(later(1), {
    writeUnitsPerSecond: 1_000_000,
    deleteSecret: async () => undefined,
  });
  await run.run(Number.POSITIVE_INFINITY);
  expect(await limits.read(tenant)).toEqual({ limit: 10, taken: 3, isCounted: false });
});

test("a tenant without users is counted at once, and who comes in unknowing is found later", async () => {
  const tenant = aTenant();
  await limits.setLimit(tenant, 10);
  expect(await limits.read(tenant)).toEqual({ limit: 10, taken: 0, isCounted: true });
  await users.create(tenant, aUser(), defaultRules);
  await users.create(tenant, aUser(), withSeats(10));
  await finishWork(tenant);
  expect(await limits.read(tenant)).toEqual({ limit: 10, taken: 2, isCounted: true });
  expect(await audit(tenant)).toEqual([]);
});

test("a user that has none yet is changed past the limit, and takes its seat with it", async () => {
  const tenant = aTenant();
  const user = await users.create(tenant, aUser(), defaultRules);
  await limits.setLimit(tenant, 0);
  await users.replace(tenant, user, { ...user.resource, title: "x" }, withSeats(0));
  expect(await limits.read(tenant)).toMatchObject({ taken: 1 });
  expect(await audit(tenant)).toEqual([]);
});

test("who changes while it is counted is counted as it is in the end", async () => {
  const tenant = aTenant();
  const ids = await someUsers(tenant, 40);
  await limits.setLimit(tenant, 30);
  const rules = withSeats(30);
  const changes = ids.map(async (id, at) => {
    for (let tries = 0; tries < 20; tries++) {
      const user = await users.get(tenant, id);
      const active = at % 4 === 0;
      const after = { ...user?.resource, active, title: "x" };
      const done = await users
        .replace(tenant, user as Stored, after, at % 2 ? rules : defaultRules)
        .then(
          () => true,
          () => false,
        );
      if (done) return true;
    }
    return false;
  });
  const [isDone] = await Promise.all([count(tenant, knownAfterSeconds + 1), ...changes]);
  expect(await Promise.all(changes)).not.toContain(false);
  if (!isDone) await finishWork(tenant);
  expect(await limits.read(tenant)).toEqual({ limit: 30, taken: 10, isCounted: true });
  expect(await audit(tenant)).toEqual([]);
});

test("creates that race with the setting of a limit come in or are refused, and all who came in are counted", async () => {
  const tenant = aTenant();
  await someUsers(tenant, 10);
  const creates = Array.from({ length: 40 }, (_, at) =>
    users.create(tenant, aUser(), at % 2 ? withSeats(20) : defaultRules),
  );
  const [results] = await Promise.all([
    Promise.allSettled(creates),
    limits.setLimit(tenant, 20),
    count(tenant, 1),
  ]);
  for (const result of results)
    if (result.status === "rejected") expect(result.reason).toMatchObject(allTaken(20));
  await finishWork(tenant);
  const created = results.filter(({ status }) => status === "fulfilled").length;
  expect(await limits.read(tenant)).toEqual({ limit: 20, taken: 10 + created, isCounted: true });
  expect(await audit(tenant)).toEqual([]);
});

test("a count that is cut off after any call is completed by the next", async () => {
  const tenant = aTenant();
  await someUsers(tenant, 40);
  let cuts = 0;
  await limits.setLimit(tenant, 100);
  for (; ; cuts++) {
    const isCut = await cutOffAt(cuts, (cut) =>
      count(tenant, knownAfterSeconds + 1, { db: cut.db }),
    );
    expect(await audit(tenant)).toEqual([]);
    if (!isCut) break;
  }
  expect(cuts).toBeGreaterThan(3);
  expect(await limits.read(tenant)).toEqual({ limit: 100, taken: 40, isCounted: true });
});

test("a count whose time is up goes on later, and is not the last pass if it began before all knew", async () => {
  const tenant = aTenant();
  await someUsers(tenant, 30);
  await limits.setLimit(tenant, 100);
  let looks = 0;
  expect(await count(tenant, 1, {}, () => ++looks > 2)).toBe(false);
  expect(await limits.read(tenant)).toMatchObject({ taken: 18, isCounted: false });
  await users.create(tenant, aUser(), defaultRules);
  await finishWork(tenant);
  expect(await limits.read(tenant)).toEqual({ limit: 100, taken: 31, isCounted: true });
});

test("a limit that is set anew is counted for anew, and one that is taken away is counted no more", async () => {
  const tenant = aTenant();
  await someUsers(tenant, 3);
  await limits.setLimit(tenant, 10);
  await finishWork(tenant);
  await users.create(tenant, aUser(), defaultRules);
  await limits.setLimit(tenant, 10);
  await finishWork(tenant);
  expect(await limits.read(tenant)).toEqual({ limit: 10, taken: 4, isCounted: true });

  await limits.setLimit(tenant, 20);
  await limits.setLimit(tenant, undefined);
  expect(await isPending(tenant)).toBe(false);
  expect(await count(tenant, knownAfterSeconds + 1)).toBe(true);
  await someUsers(tenant, 2);
  await limits.setLimit(tenant, 5);
  await finishWork(tenant);
  expect(await limits.read(tenant)).toEqual({ limit: 5, taken: 6, isCounted: true });
  expect(await audit(tenant)).toEqual([]);
});
