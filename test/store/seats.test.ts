import { describe, expect, test } from "@jest/globals";
import type { Stored } from "../../lambdas/scim/stored.ts";
import { deletedUsers } from "../../lambdas/store/dynamodb/deleted-users.ts";
import { seats } from "../../lambdas/store/dynamodb/seats.ts";
import { userStore } from "../../lambdas/store/dynamodb/users.ts";
import type { WriteRules } from "../../lambdas/store/store.ts";
import { audit } from "../support/audit.ts";
import { cutOffAt } from "../support/crash.ts";
import { aLimitedTenant, allTaken, withSeats } from "../support/seats.ts";
import { aTenant, aUser, countingDb, defaultRules, itemsOf, testTable } from "../support/store.ts";

const table = testTable();
const users = userStore(table);
const limits = seats(table);

const setActive = (tenant: string, user: Stored, active: boolean, rules: WriteRules) =>
  users.replace(tenant, user, { ...user.resource, active }, rules);

const times = <T>(count: number, run: (at: number) => Promise<T>) =>
  Promise.allSettled(Array.from({ length: count }, (_, at) => run(at)));

const failures = (results: readonly PromiseSettledResult<unknown>[]) =>
  results.flatMap((result) => (result.status === "rejected" ? [result.reason] : []));

const taken = async (tenant: string) => (await limits.read(tenant))?.taken;

/** All that a refusal must leave as it was. */
const snapshot = async (tenant: string) =>
  (await itemsOf(tenant)).toSorted((one, other) => (String(one.pk) < String(other.pk) ? -1 : 1));

describe("a limit is exact", () => {
  test("when 50 creates race for 10 seats", async () => {
    const { tenant, rules } = await aLimitedTenant(10);
    const refused = failures(await times(50, () => users.create(tenant, aUser(), rules)));
    expect(refused).toHaveLength(40);
    for (const reason of refused) expect(reason).toMatchObject(allTaken(10));
    expect(await limits.read(tenant)).toEqual({ limit: 10, taken: 10, isCounted: true });
    expect((await users.page(tenant, 1, 0)).totalResults).toBe(10);
    expect(await audit(tenant)).toEqual([]);
  });

  test("when 50 are enabled at once", async () => {
    const { tenant, rules } = await aLimitedTenant(10);
    const disabled = await Promise.all(
      Array.from({ length: 50 }, () => users.create(tenant, aUser({ active: false }), rules)),
    );
    expect(await taken(tenant)).toBe(0);
    const enabling = disabled.map((user) => setActive(tenant, user, true, rules));
    const refused = failures(await Promise.allSettled(enabling));
    expect(refused).toHaveLength(40);
    for (const reason of refused) expect(reason).toMatchObject(allTaken(10));
    expect(await taken(tenant)).toBe(10);
    expect(await audit(tenant)).toEqual([]);
  });

  test("when those who leave and those who come race", async () => {
    const { tenant, rules, users: first } = await aLimitedTenant(10, 10);
    const leaving = first.map((user, at) =>
      at % 2 ? users.delete(tenant, user, rules) : setActive(tenant, user, false, rules),
    );
    const coming = times(30, () => users.create(tenant, aUser(), rules));
    expect(failures(await Promise.allSettled(leaving))).toEqual([]);
    const refused = failures(await coming);
    expect(await taken(tenant)).toBe(30 - refused.length);
    expect(refused.length).toBeGreaterThanOrEqual(20);
    for (const reason of refused) expect(reason).toMatchObject(allTaken(10));
    expect(await audit(tenant)).toEqual([]);
  });

  test("after a storm of writers of whom half do not know of it", async () => {
    const { tenant, rules, users: first } = await aLimitedTenant(8, 6);
    const storm = await times(60, async (at) => {
      const known = at % 2 ? rules : defaultRules;
      const one = first[at % first.length] as Stored;
      const now = await users.get(tenant, one.id);
      if (at % 5 === 0) return users.create(tenant, aUser(), known);
      if (!now) return undefined;
      if (at % 17 === 0) return users.delete(tenant, now, known);
      return setActive(tenant, now, at % 3 === 0, known);
    });
    const odd = failures(storm).filter(({ name, status }) => name !== "Conflict" && status !== 400);
    expect(odd).toEqual([]);
    expect(await audit(tenant)).toEqual([]);
  });
});

describe("a seat is given back", () => {
  test.each([
    [
      "by disabling",
      (tenant: string, user: Stored, rules: WriteRules) => setActive(tenant, user, false, rules),
    ],
    ["by deleting", (tenant: string, user: Stored) => users.delete(tenant, user, defaultRules)],
    [
      "by a writer that does not know of the limit yet",
      (tenant: string, user: Stored) => setActive(tenant, user, false, defaultRules),
    ],
  ])("%s, and another takes it", async (_, leave) => {
    const {
      tenant,
      rules,
      users: [user],
    } = await aLimitedTenant(2, 2);
    await expect(users.create(tenant, aUser(), rules)).rejects.toMatchObject(allTaken(2));
    await leave(tenant, user as Stored, rules);
    await users.create(tenant, aUser(), rules);
    await expect(users.create(tenant, aUser(), rules)).rejects.toMatchObject(allTaken(2));
    expect(await audit(tenant)).toEqual([]);
  });
});

test("who is refused a seat leaves nothing behind, and a value that is taken is told first", async () => {
  const {
    tenant,
    rules,
    users: [user],
  } = await aLimitedTenant(1, 1);
  const off = await users.create(tenant, aUser({ active: false }), rules);
  const before = await snapshot(tenant);
  const one = {
    status: 400,
    detail: expect.stringContaining("The only seat of this tenant is taken"),
  };

  const newcomer = aUser({ externalId: "x", emails: [{ value: "x@example.com" }] });
  await expect(users.create(tenant, newcomer, rules)).rejects.toMatchObject(one);
  await expect(setActive(tenant, off, true, rules)).rejects.toMatchObject(one);
  const renamed = { ...off.resource, active: true, userName: "renamed@example.com" };
  await expect(users.replace(tenant, off, renamed, rules)).rejects.toMatchObject(one);
  const twin = aUser({ userName: user?.resource.userName ?? null });
  await expect(users.create(tenant, twin, rules)).rejects.toMatchObject({ status: 409 });
  expect(await snapshot(tenant)).toEqual(before);
});

test("a user of whom it is not said whether it is active needs a seat, and one that is not needs none", async () => {
  const { tenant, rules } = await aLimitedTenant(0);
  const { active: _, ...silent } = aUser();
  await expect(users.create(tenant, silent, rules)).rejects.toMatchObject(allTaken(0));
  const off = await users.create(tenant, aUser({ active: false }), rules);
  expect(off.seat).toBeUndefined();
  expect(await audit(tenant)).toEqual([]);
});

describe("the limit is what was set last, whatever writers have cached", () => {
  test("raised, it lets more in at once", async () => {
    const { tenant, rules } = await aLimitedTenant(1, 1);
    await limits.setLimit(tenant, 2);
    await users.create(tenant, aUser(), rules);
    await expect(users.create(tenant, aUser(), rules)).rejects.toMatchObject(allTaken(2));
  });

  test("lowered below what is taken, it lets nobody in until enough have left", async () => {
    const {
      tenant,
      rules,
      users: [one, two],
    } = await aLimitedTenant(3, 3);
    await limits.setLimit(tenant, 2);
    expect(await limits.read(tenant)).toMatchObject({ limit: 2, taken: 3 });
    await users.delete(tenant, one as Stored, rules);
    await expect(users.create(tenant, aUser(), rules)).rejects.toMatchObject(allTaken(2));
    // Who is in is changed as before.
    await users.replace(tenant, two as Stored, { ...two?.resource, title: "x" }, rules);
    await users.delete(tenant, { ...(two as Stored), version: 2 }, rules);
    await users.create(tenant, aUser(), rules);
    expect(await audit(tenant)).toEqual([]);
  });

  test("taken away, it lets in whoever comes, and set again it is exact", async () => {
    const {
      tenant,
      rules,
      users: [one, two],
    } = await aLimitedTenant(2, 2);
    await limits.setLimit(tenant, undefined);
    expect(await limits.read(tenant)).toBeUndefined();
    await users.create(tenant, aUser(), rules);
    const unseated = await users.create(tenant, aUser(), defaultRules);
    await setActive(tenant, one as Stored, false, defaultRules);
    await users.delete(tenant, two as Stored, defaultRules);
    await users.delete(tenant, unseated, defaultRules);
    expect(await audit(tenant)).toEqual([]);

    await limits.setLimit(tenant, 2);
    await users.create(tenant, aUser(), rules);
    await expect(users.create(tenant, aUser(), rules)).rejects.toMatchObject(allTaken(2));
    expect(await limits.read(tenant)).toMatchObject({ limit: 2, taken: 2 });
    expect(await audit(tenant)).toEqual([]);
  });

  test("a tenant that never had one has no item for it, also where it is taken away", async () => {
    const tenant = aTenant();
    await limits.setLimit(tenant, undefined);
    await users.create(tenant, aUser(), defaultRules);
    expect(await limits.read(tenant)).toBeUndefined();
    expect((await itemsOf(tenant)).filter(({ pk }) => pk === `T#${tenant}#SEATS`)).toEqual([]);
  });

  test("of limits that are set at once one holds", async () => {
    const { tenant } = await aLimitedTenant(5, 5);
    await Promise.all([3, 4, 5, 6].map((limit) => limits.setLimit(tenant, limit)));
    const { limit, taken: seated } = (await limits.read(tenant)) ?? {};
    expect([3, 4, 5, 6]).toContain(limit);
    expect(seated).toBe(5);
    expect(await audit(tenant)).toEqual([]);
  });
});

describe("a deleted user that was active", () => {
  test("takes a seat when it is restored, and gave it back when it was deleted", async () => {
    const {
      tenant,
      users: [user],
    } = await aLimitedTenant(1, 1);
    await users.delete(tenant, user as Stored, defaultRules);
    expect(await taken(tenant)).toBe(0);
    await deletedUsers(table).restore(tenant, user?.id ?? "");
    expect(await taken(tenant)).toBe(1);
    expect(await audit(tenant)).toEqual([]);
  });

  test("is not restored where all seats are taken: nothing is changed", async () => {
    const {
      tenant,
      rules,
      users: [user],
    } = await aLimitedTenant(2, 2);
    await users.delete(tenant, user as Stored, defaultRules);
    await users.create(tenant, aUser(), rules);
    const before = await snapshot(tenant);
    const restoring = deletedUsers(table).restore(tenant, user?.id ?? "");
    await expect(restoring).rejects.toMatchObject(allTaken(2));
    expect(await snapshot(tenant)).toEqual(before);
  });
});

test.each([
  [
    "creating",
    (cut: typeof table, tenant: string) => userStore(cut).create(tenant, aUser(), withSeats(5)),
  ],
  [
    "disabling",
    async (cut: typeof table, tenant: string, { id }: Stored) => {
      const now = await userStore(cut).get(tenant, id);
      if (now)
        await userStore(cut).replace(tenant, now, { ...now.resource, active: false }, withSeats(5));
    },
  ],
  [
    "deleting",
    async (cut: typeof table, tenant: string, { id }: Stored) => {
      const now = await userStore(cut).get(tenant, id);
      if (now) await userStore(cut).delete(tenant, now, withSeats(5));
    },
  ],
  [
    "restoring",
    (cut: typeof table, tenant: string, _: Stored, gone: Stored) =>
      deletedUsers(cut).restore(tenant, gone.id),
  ],
  ["setting a limit", (cut: typeof table, tenant: string) => seats(cut).setLimit(tenant, 4)],
  [
    "taking a limit away",
    (cut: typeof table, tenant: string) => seats(cut).setLimit(tenant, undefined),
  ],
])("%s that is cut off after any call leaves seats that are counted right", async (_, run) => {
  const {
    tenant,
    users: [user, gone],
  } = await aLimitedTenant(5, 2);
  await users.delete(tenant, gone as Stored, defaultRules);
  for (let calls = 0; ; calls++) {
    const isCut = await cutOffAt(calls, (cut) => run(cut, tenant, user as Stored, gone as Stored));
    expect(await audit(tenant)).toEqual([]);
    if (!isCut) break;
  }
});

test("only what takes or gives back a seat is a transaction for it", async () => {
  const {
    tenant,
    rules,
    users: [user],
  } = await aLimitedTenant(2, 1);
  const { db, calls } = countingDb();
  const counting = userStore(testTable({ db }));
  const titled = await counting.replace(
    tenant,
    user as Stored,
    { ...user?.resource, title: "x" },
    rules,
  );
  const off = await counting.replace(tenant, titled, { ...titled.resource, active: false }, rules);
  await counting.replace(tenant, off, { ...off.resource, title: "y" }, rules);
  expect(calls).toEqual(["PutItem", "TransactWriteItems", "PutItem"]);

  const free = aTenant();
  const one = await users.create(free, aUser(), defaultRules);
  calls.splice(0);
  await counting.replace(free, one, { ...one.resource, active: false }, defaultRules);
  expect(calls).toEqual(["PutItem"]);
});
