import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { retryConflicts } from "../../lambdas/http/retry-conflicts.ts";
import { ScimError } from "../../lambdas/scim/errors.ts";
import { groupStore } from "../../lambdas/store/dynamodb/groups.ts";
import { tokenLease } from "../../lambdas/store/dynamodb/lease.ts";
import { tenantStore } from "../../lambdas/store/dynamodb/tenants.ts";
import { userStore } from "../../lambdas/store/dynamodb/users.ts";
import { audit } from "../support/audit.ts";
import { type TroubledDb, troubledDb } from "../support/faults.ts";
import { seedUsers } from "../support/seed.ts";
import {
  aGroup,
  aTenant,
  aUser,
  defaultRules,
  itemsOf,
  membersOf,
  someUsers,
  testTable,
  update,
} from "../support/store.ts";
import { tableName } from "../support/table.ts";

// The client's own pauses add up where much is refused.
jest.setTimeout(180_000);

const patience = { sleep, random: Math.random, now: Date.now };

/** What became of a request: `unclear` where the store was busy, and it may have been done or not. */
async function outcomeOf<T>(run: () => Promise<T>) {
  try {
    return { kind: "done", value: await retryConflicts(run, patience) } as const;
  } catch (error) {
    if (!(error instanceof ScimError)) throw error;
    const { status, retryAfterSeconds } = error;
    if (status === 503 && retryAfterSeconds !== undefined) return { kind: "unclear" } as const;
    if (status === 409 || status === 404) return { kind: "refused" } as const;
    throw error;
  }
}

/** Asks again until it is clear. */
async function insist<T>(run: () => Promise<T>) {
  for (let attempt = 0; attempt < 20; attempt++) {
    const outcome = await outcomeOf(run);
    if (outcome.kind !== "unclear") return outcome;
  }
  throw new Error("The store stayed busy.");
}

const all = <T>(count: number, run: (at: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, at) => run(at)));

describe.each([
  ["conflicts", { conflicts: 0.3, seed: 11 }],
  ["throttling", { throttling: 0.2, seed: 12 }],
  ["lost answers", { lost: 0.2, seed: 13 }],
  ["a late index", { lag: 1000, seed: 14 }],
  ["all of it", { conflicts: 0.2, throttling: 0.15, lost: 0.1, lag: 500, seed: 15 }],
])("under %s", (_, faults) => {
  let troubled: TroubledDb;
  beforeAll(async () => {
    troubled = await troubledDb(faults);
  });
  afterAll(() => troubled.stop());
  const stores = () => {
    const table = testTable({ db: troubled.db });
    return { users: userStore(table), groups: groupStore(table) };
  };

  test("users who come, are renamed and go in parallel leave nothing behind", async () => {
    const { users } = stores();
    const tenant = aTenant();
    const lives = await all(20, async (at) => {
      const user = (name: string) =>
        aUser({
          userName: `${name}-${at}@example.com`,
          externalId: `${name}-${at}`,
          emails: [{ value: `${name}-${at}@example.com` }, { value: "shared@example.com" }],
        });
      const created = await outcomeOf(() => users.create(tenant, user("first"), defaultRules));
      if (created.kind !== "done") return created.kind;
      const { id } = created.value;
      const change = async (resource: ReturnType<typeof aUser>) => {
        const before = await users.get(tenant, id);
        if (!before) throw new Error("The user is gone.");
        return users.replace(tenant, before, resource, defaultRules);
      };
      await outcomeOf(() => change(user("second")));
      await outcomeOf(() => change({ ...user("second"), title: "Engineer" }));
      if (at % 2 === 0) return "stays";
      const removed = await insist(async () => {
        const before = await users.get(tenant, id);
        return before && users.delete(tenant, before, defaultRules);
      });
      return removed.kind === "done" ? "goes" : removed.kind;
    });

    expect(await audit(tenant)).toEqual([]);
    const count = (what: string) => lives.filter((life) => life === what).length;
    const there = (await itemsOf(tenant)).filter(({ pk }) => pk === `T#${tenant}#USERS`).length;
    expect(there).toBeGreaterThanOrEqual(count("stays"));
    expect(there).toBeLessThanOrEqual(count("stays") + count("unclear"));
    expect(count("refused")).toBe(0);
    expect(count("stays") + count("goes")).toBeGreaterThan(10);
  });

  test("of fifty who want one name one gets it", async () => {
    const { users } = stores();
    const tenant = aTenant();
    const name = (at: number) => (at % 2 ? "Sam@Example.com" : "sam@example.COM");
    const outcomes = await all(50, (at) =>
      outcomeOf(() => users.create(tenant, aUser({ userName: name(at) }), defaultRules)),
    );
    const done = outcomes.filter(({ kind }) => kind === "done").length;
    const unclear = outcomes.filter(({ kind }) => kind === "unclear").length;
    expect(done).toBeLessThanOrEqual(1);
    expect(done + unclear).toBeGreaterThanOrEqual(1);
    await insist(() => users.create(tenant, aUser({ userName: name(0) }), defaultRules));
    expect((await itemsOf(tenant)).filter(({ pk }) => pk === `T#${tenant}#USERS`)).toHaveLength(1);
    expect(await audit(tenant)).toEqual([]);
  });

  test("several writers' changes to a group's members all hold", async () => {
    const { groups } = stores();
    const tenant = aTenant();
    const ids = await someUsers(tenant, 60);
    const created = await insist(() =>
      groups.create(tenant, aGroup("g"), ids.slice(0, 20), defaultRules),
    );
    const group =
      created.kind === "done"
        ? created.value.group
        : (await groups.find(tenant, { attribute: "displayName", value: "g" }))?.[0];
    const id = group?.id ?? "";
    // Each writer has members of its own, which come, go and come again.
    await all(4, async (writer) => {
      const own = ids.slice(20 + writer * 10, 30 + writer * 10);
      for (const change of [update(own), update([], own.slice(0, 5)), update(own.slice(0, 2))])
        await insist(() => groups.changeMembers(tenant, id, change, defaultRules));
    });
    expect(await audit(tenant)).toEqual([]);
    const wanted = ids.filter((_, at) => at < 20 || at % 10 < 2 || at % 10 >= 5);
    expect(await membersOf(tenant, id)).toEqual(wanted);
  });

  test("a large change of members holds whole", async () => {
    const { groups } = stores();
    const tenant = aTenant();
    const ids = await someUsers(tenant, 200);
    const { group } = await groupStore(testTable()).create(tenant, aGroup("g"), [], defaultRules);
    await insist(() => groups.changeMembers(tenant, group.id, update(ids), defaultRules));
    expect(await membersOf(tenant, group.id)).toEqual(ids);
    await insist(() =>
      groups.changeMembers(tenant, group.id, update([], ids.slice(0, 150)), defaultRules),
    );
    expect(await membersOf(tenant, group.id)).toEqual(ids.slice(150));
    expect(await audit(tenant)).toEqual([]);
  });

  test("a walk by index sees everyone, and in order", async () => {
    const { users } = stores();
    const tenant = aTenant();
    const ids = await seedUsers(testTable(), tenant, 60);
    const seen: string[] = [];
    for (let isAll = false; !isAll; ) {
      const outcome = await insist(() => users.page(tenant, seen.length + 1, 7));
      if (outcome.kind !== "done") throw new Error("A list was refused.");
      const { resources, totalResults } = outcome.value;
      seen.push(...resources.map(({ id }) => id));
      expect(totalResults).toBe(ids.length);
      isAll = seen.length >= totalResults;
    }
    expect(seen).toEqual(ids);
  });
});

describe("under conflicts at every write", () => {
  let troubled: TroubledDb;
  beforeAll(async () => {
    troubled = await troubledDb({ conflicts: 1 });
  });
  afterAll(() => troubled.stop());

  test("a tenant's creation is to be sent again", async () => {
    const tenants = tenantStore(troubled.db, tableName, () => ({}));
    const create = tenants.create({ tenant: aTenant(), settings: {}, createdAt: "" });
    await expect(create).rejects.toMatchObject({ status: 503, retryAfterSeconds: 1 });
  });

  test("who cannot get the lease of a tenant's tokens waits, and goes on without it", async () => {
    let waits = 0;
    const pause = async () => {
      waits += 1;
    };
    const { db } = troubled;
    const world = { db, tableName, newId: randomUUID, clock: Date.now, random: Math.random };
    const lease = tokenLease({ ...world, sleep: pause });
    expect(await lease.hold(aTenant(), async () => "went on")).toBe("went on");
    expect(waits).toBe(59);
  });

  test.each([
    ["creates", "create"],
    ["changes", "replace"],
  ] as const)("a request that %s a user gives up with 503", async (_, kind) => {
    const tenant = aTenant();
    const before = await userStore(testTable()).create(tenant, aUser(), defaultRules);
    const table = testTable({ db: troubled.db, sleep: async () => undefined });
    const run = () =>
      kind === "create"
        ? userStore(table).create(tenant, aUser(), defaultRules)
        : userStore(table).replace(
            tenant,
            before,
            { ...before.resource, title: "Engineer" },
            defaultRules,
          );
    expect(await outcomeOf(run)).toEqual({ kind: "unclear" });
    const stored = (await itemsOf(tenant)).filter(({ pk }) => pk === `T#${tenant}#USERS`);
    expect(stored.map(({ version }) => version)).toEqual([1]);
  });
});
