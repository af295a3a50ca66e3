import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { retryConflicts } from "../../lambdas/http/retry-conflicts.ts";
import { groupStore } from "../../lambdas/store/dynamodb/groups.ts";
import type { Table } from "../../lambdas/store/dynamodb/table.ts";
import { userStore } from "../../lambdas/store/dynamodb/users.ts";
import { audit } from "../support/audit.ts";
import { finishWork, leavePending, workLeft } from "../support/crash.ts";
import { type TroubledDb, troubledDb } from "../support/faults.ts";
import {
  aGroup,
  aTenant,
  aUser,
  defaultRules,
  doBackgroundWork,
  itemsOf,
  membersOf,
  someUsers,
  testTable,
  update,
} from "../support/store.ts";

jest.setTimeout(180_000);

const all = <T>(count: number, run: (at: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, at) => run(at)));

const patience = {
  sleep: (milliseconds: number) => testTable().sleep(milliseconds),
  random: Math.random,
  now: Date.now,
};

type Answer = { readonly status?: number; readonly retryAfterSeconds?: number };

/** Asks as a client does: again where it is told to, until it is done or refused. */
async function insist<T>(run: () => Promise<T>): Promise<T | "refused"> {
  for (let attempt = 0; attempt < 30; attempt++)
    try {
      return await retryConflicts(run, patience);
    } catch (error) {
      const { status, retryAfterSeconds } = error as Answer;
      if (status === 409) return "refused";
      if (status !== 503 || retryAfterSeconds === undefined) throw error;
    }
  throw new Error("The store stayed busy.");
}

const countOf = async (tenant: string, kind: "USERS" | "GROUPS") =>
  (await itemsOf(tenant)).filter(({ pk }) => pk === `T#${tenant}#${kind}`).length;

describe.each([
  ["a store that is well", undefined],
  ["a store in trouble", { conflicts: 0.15, throttling: 0.1, lost: 0.1, lag: 2000, seed: 21 }],
])("on %s", (_, faults) => {
  let troubled: TroubledDb | undefined;
  let table: Table;
  beforeAll(async () => {
    troubled = faults && (await troubledDb(faults));
    table = testTable(troubled ? { db: troubled.db } : {});
  });
  afterAll(async () => troubled?.stop());

  test("of fifty users of one name one is made, and of fifty groups", async () => {
    const tenant = aTenant();
    const name = (at: number) => ["Sam@example.com", "SAM@example.com", "sam@EXAMPLE.com"][at % 3];
    await all(50, (at) =>
      insist(() =>
        userStore(table).create(tenant, aUser({ userName: name(at) ?? "" }), defaultRules),
      ),
    );
    await all(50, (at) =>
      insist(() => groupStore(table).create(tenant, aGroup(name(at) ?? ""), [], defaultRules)),
    );
    expect(await countOf(tenant, "USERS")).toBe(1);
    expect(await countOf(tenant, "GROUPS")).toBe(1);
    expect(await audit(tenant)).toEqual([]);
  });

  test("of users who swap names at once none loses its own, and no name has two", async () => {
    const tenant = aTenant();
    const users = userStore(table);
    const create = (userName: string) =>
      userStore(testTable()).create(tenant, aUser({ userName }), defaultRules);
    const pairs = await all(12, async (at) => [
      await create(`a${at}@example.com`),
      await create(`b${at}@example.com`),
    ]);
    const rename = (id: string, userName: string) =>
      insist(async () => {
        const before = await users.get(tenant, id);
        return (
          before && users.replace(tenant, before, { ...before.resource, userName }, defaultRules)
        );
      });
    await Promise.all(
      pairs.flatMap(([a, b], at) => [
        rename(a?.id ?? "", `B${at}@example.com`),
        rename(b?.id ?? "", `A${at}@example.com`),
        rename(a?.id ?? "", `c${at}@example.com`),
      ]),
    );
    expect(await countOf(tenant, "USERS")).toBe(24);
    expect(await audit(tenant)).toEqual([]);
  });

  test("twenty writers of the same members leave each wholly in or out", async () => {
    const tenant = aTenant();
    const ids = await someUsers(tenant, 12);
    const { group } = await groupStore(testTable()).create(tenant, aGroup("g"), [], defaultRules);
    const change = (add: readonly string[], remove: readonly string[]) =>
      insist(() =>
        groupStore(table).changeMembers(tenant, group.id, update(add, remove), defaultRules),
      );
    const [ones, others] = [ids.slice(0, 6), ids.slice(6)];
    await all(20, (at) => (at % 2 ? change(ones, others) : change(others, ones)));
    expect([ones, others]).toContainEqual(await membersOf(tenant, group.id));
    expect(await audit(tenant)).toEqual([]);
  });

  test("a user that is deleted while groups get it is in none, and leaves nothing", async () => {
    const tenant = aTenant();
    const [gone = "", ...rest] = await someUsers(tenant, 100);
    const made = await all(8, (at) =>
      groupStore(testTable()).create(tenant, aGroup(`g${at}`), [], defaultRules),
    );
    const user = await userStore(testTable()).get(tenant, gone);
    const lenient = { ...defaultRules, unknownMembers: "ignore" } as const;
    await Promise.all([
      ...made.map(({ group: { id } }, at) =>
        insist(() => {
          const ids = at < 2 ? [gone, ...rest] : [gone];
          return groupStore(table).changeMembers(tenant, id, update(ids), lenient);
        }),
      ),
      user && insist(() => userStore(table).delete(tenant, user, defaultRules)),
    ]);
    const asked = () => all(8, (at) => membersOf(tenant, made[at]?.group.id ?? ""));
    // An answer that was lost may have been followed by a Conflict.
    expect(await userStore(testTable()).get(tenant, gone)).toBeUndefined();
    expect((await asked()).flat()).not.toContain(gone);
    await finishWork(tenant);
    expect((await asked()).flat()).not.toContain(gone);
    expect(JSON.stringify((await itemsOf(tenant)).filter(isMembership))).not.toContain(gone);
    expect(await workLeft(tenant)).toEqual([]);
    expect(await audit(tenant)).toEqual([]);
  });

  test("a group that is deleted while it gets members leaves nothing", async () => {
    const tenant = aTenant();
    const ids = await someUsers(tenant, 120);
    const { group } = await groupStore(testTable()).create(tenant, aGroup("g"), [], defaultRules);
    const add = (members: readonly string[]) =>
      insist(() =>
        groupStore(table).changeMembers(tenant, group.id, update(members), defaultRules),
      );
    await Promise.all([
      ...ids.slice(0, 10).map((id) => add([id])),
      add(ids),
      insist(async () => {
        const before = await groupStore(table).get(tenant, group.id);
        return before && groupStore(table).delete(tenant, before, defaultRules);
      }),
    ]);
    await finishWork(tenant);
    expect((await itemsOf(tenant)).filter(isMembership)).toEqual([]);
    expect(await workLeft(tenant)).toEqual([]);
    expect(await audit(tenant)).toEqual([]);
  });

  test("of sixty single changes behind a large one that is carried over none is lost", async () => {
    const tenant = aTenant();
    const ids = await someUsers(tenant, 400);
    const { group } = await groupStore(testTable()).create(
      tenant,
      aGroup("g"),
      ids.slice(0, 30),
      defaultRules,
    );
    await leavePending(tenant, group.id, ids.slice(60));
    const before = await groupStore(testTable()).get(tenant, group.id);
    const [none] = await Promise.all([
      doBackgroundWork(tenant),
      ...ids.slice(0, 60).map((id, at) =>
        insist(() => {
          const change = at < 30 ? update([], [id]) : update([id]);
          return groupStore(table).changeMembers(tenant, group.id, change, defaultRules);
        }),
      ),
    ]);
    expect(none.failures).toEqual([]);
    await finishWork(tenant);
    expect(await membersOf(tenant, group.id)).toEqual(ids.slice(30));
    const after = await groupStore(testTable()).get(tenant, group.id);
    expect((after?.version ?? 0) - (before?.version ?? 0)).toBe(60);
    expect(await workLeft(tenant)).toEqual([]);
    expect(await audit(tenant)).toEqual([]);
  });
});

const isMembership = ({ sk }: Readonly<Record<string, unknown>>) => `${sk}`.startsWith("MEMBER#");

test.each([false, true])(
  "version and time move once with what changes something, and else not (behind others: %s)",
  async (isPending) => {
    const tenant = aTenant();
    const ids = await someUsers(tenant, 120);
    const [a = "", b = "", c = ""] = ids;
    let time = Date.now() - 10_000;
    const groups = groupStore(testTable({ now: () => new Date((time += 1)) }));
    const { group } = await groups.create(tenant, aGroup("g"), [a], defaultRules);
    if (isPending) await leavePending(tenant, group.id, ids.slice(5));
    const replace = async (members: readonly string[] | undefined, name = "g") => {
      const before = await groups.get(tenant, group.id);
      if (!before) throw new Error("There is no such group.");
      const after = name === before.resource.displayName ? before.resource : aGroup(name);
      const membership = members && ({ kind: "replace", members } as const);
      await groups.replace(tenant, before, after, membership, defaultRules);
    };
    const change = (...given: Parameters<typeof update>) =>
      groups.changeMembers(tenant, group.id, update(...given), defaultRules);
    const current = () => membersOf(tenant, group.id);
    const steps: readonly (readonly [boolean, () => Promise<unknown>])[] = [
      [true, () => change([b, c])],
      [false, () => change([c, b])],
      [true, () => change([b], [c])],
      [false, () => change([], [c])],
      [false, async () => replace(await current())],
      [true, () => replace(undefined, "h")],
      [true, () => replace([a], "i")],
      [false, () => replace([a], "i")],
      [true, () => change(ids)],
      [false, () => change(ids)],
      [true, () => replace([])],
      [false, () => replace([])],
      [false, () => change([], ids)],
    ];
    for (const [at, [moves, step]] of steps.entries()) {
      const before = await groups.get(tenant, group.id);
      await step();
      const after = await groups.get(tenant, group.id);
      const moved = [
        (after?.version ?? 0) - (before?.version ?? 0),
        after?.lastModified !== before?.lastModified,
      ];
      expect([at, ...moved]).toEqual([at, moves ? 1 : 0, moves]);
    }
    const before = await groups.get(tenant, group.id);
    await finishWork(tenant);
    expect(await groups.get(tenant, group.id)).toEqual(before);
    expect(await audit(tenant)).toEqual([]);
  },
);
