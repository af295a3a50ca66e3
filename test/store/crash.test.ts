import { beforeAll, describe, expect, jest, test } from "@jest/globals";
import type { JsonObject } from "../../lambdas/scim/json.ts";
import { carryOver } from "../../lambdas/store/dynamodb/carry-over.ts";
import { deletedUsers } from "../../lambdas/store/dynamodb/deleted-users.ts";
import { groupStore } from "../../lambdas/store/dynamodb/groups.ts";
import type { Table } from "../../lambdas/store/dynamodb/table.ts";
import { userStore } from "../../lambdas/store/dynamodb/users.ts";
import { audit } from "../support/audit.ts";
import { cutOffAt, finishWork, leavePending, workLeft } from "../support/crash.ts";
import {
  aGroup,
  aTenant,
  aUser,
  defaultRules,
  doBackgroundWork,
  someUsers,
  testTable,
  update,
} from "../support/store.ts";

// Hundreds of scenes, on machines with few cores.
jest.setTimeout(180_000);

const table = testTable();
const users = userStore(table);
const groups = groupStore(table);

let tenant: string;
let pool: string[];
beforeAll(async () => {
  tenant = aTenant();
  pool = await someUsers(tenant, 162);
});

/** What one operation is tried on: names of its own in a tenant that all share. */
interface Scene {
  readonly name: string;
  readonly userId: string;
  readonly groupIds: readonly string[];
}

const group = async (scene: Scene, at = 0, table_ = table) => {
  const stored = await groupStore(table_).get(tenant, scene.groupIds[at] ?? "");
  if (!stored) throw new Error("There is no such group.");
  return stored;
};
const change = (
  cut: Table,
  { groupIds: [id = ""] }: Scene,
  add: readonly string[],
  remove: readonly string[] = [],
) => groupStore(cut).changeMembers(tenant, id, update(add, remove), defaultRules);

const person = (name: string, over: JsonObject = {}) =>
  aUser({
    userName: name,
    externalId: name,
    emails: ["a", "b", "c"].map((part) => ({ value: `${part}-${name}@example.com` })),
    ...over,
  });

async function deleteUser(cut: Table, { userId }: Scene) {
  const user = await users.get(tenant, userId);
  if (user) await userStore(cut).delete(tenant, user, defaultRules);
}

interface Row {
  readonly operation: string;
  /** The members of the groups that there are before: numbers of the pool, `user` and other groups. */
  readonly groups?: readonly (readonly string[] | ((scene: Scene) => readonly string[]))[];
  readonly withUser?: boolean;
  readonly before?: (scene: Scene) => Promise<unknown>;
  readonly run: (cut: Table, scene: Scene) => Promise<unknown>;
  /** What another writer of the same does next. */
  readonly next?: (scene: Scene) => Promise<unknown>;
  /** Whether readers see nothing of it, since it is done behind them. */
  readonly isHidden?: boolean;
}

const of = (from: number, to: number) => () => pool.slice(from, to);
const oneMore = (scene: Scene) => change(table, scene, [pool[161] ?? ""], [pool[160] ?? ""]);
const replaceMembers = async (cut: Table, scene: Scene, members: readonly string[]) => {
  const before = await group(scene, 0, cut);
  const membership = { kind: "replace", members } as const;
  await groupStore(cut).replace(tenant, before, before.resource, membership, defaultRules);
};
const inThree = (scene: Scene) => [scene.userId, ...pool.slice(0, 1)];
const threeOf = [inThree, inThree, inThree];

const rows: readonly Row[] = [
  {
    operation: "creating a user with several e-mails",
    run: (cut, { name }) => userStore(cut).create(tenant, person(`${name}-new`), defaultRules),
    next: async ({ name }) => {
      await users.create(tenant, person(`${name}-new`), defaultRules).catch(refusedAtMost);
    },
  },
  {
    operation: "renaming a user",
    withUser: true,
    run: async (cut, { name, userId }) => {
      const before = await userStore(cut).get(tenant, userId);
      if (before) await userStore(cut).replace(tenant, before, person(`${name}-new`), defaultRules);
    },
    next: async ({ name, userId }) => {
      const before = await users.get(tenant, userId);
      if (before) await users.replace(tenant, before, person(`${name}-third`), defaultRules);
    },
  },
  {
    operation: "changing a user",
    withUser: true,
    run: async (cut, { name, userId }) => {
      const before = await userStore(cut).get(tenant, userId);
      if (before)
        await userStore(cut).replace(tenant, before, person(name, { active: false }), defaultRules);
    },
  },
  {
    operation: "deleting a user",
    withUser: true,
    groups: [inThree],
    run: deleteUser,
    next: (scene) => deleteUser(table, scene),
  },
  ...[5, 100].map((size) => ({
    operation: `creating a group with ${size} members`,
    run: (cut: Table, { name }: Scene) =>
      groupStore(cut).create(tenant, aGroup(`${name}-new`), pool.slice(0, size), defaultRules),
    next: async ({ name }: Scene) => {
      await groups.create(tenant, aGroup(`${name}-new`), [], defaultRules).catch(refusedAtMost);
    },
  })),
  {
    operation: "renaming a group",
    groups: [of(0, 3)],
    run: async (cut, scene) => {
      const before = await group(scene, 0, cut);
      const after = aGroup(`${scene.name}-new`);
      await groupStore(cut).replace(tenant, before, after, undefined, defaultRules);
    },
    next: oneMore,
  },
  ...[3, 100].flatMap((size): readonly Row[] => [
    {
      operation: `adding ${size} members`,
      groups: [of(0, 2)],
      run: (cut, scene) => change(cut, scene, pool.slice(1, 1 + size)),
      next: oneMore,
    },
    {
      operation: `removing ${size} members`,
      groups: [of(0, 120)],
      run: (cut, scene) => change(cut, scene, [], pool.slice(1, 1 + size)),
      next: oneMore,
    },
  ]),
  {
    operation: "replacing the members",
    groups: [of(0, 120)],
    run: (cut, scene) => replaceMembers(cut, scene, pool.slice(100, 160)),
    next: oneMore,
  },
  {
    operation: "clearing the members",
    groups: [of(0, 120)],
    run: (cut, scene) => replaceMembers(cut, scene, []),
    next: oneMore,
  },
  {
    operation: "a change behind a pending one",
    groups: [of(0, 2)],
    before: ({ groupIds: [id = ""] }) => leavePending(tenant, id, pool.slice(0, 100)),
    run: (cut, scene) => change(cut, scene, pool.slice(100, 110), pool.slice(5, 8)),
    next: oneMore,
  },
  {
    operation: "a single change that is taken into the last pending one",
    groups: [of(0, 2)],
    before: async (scene) => {
      await leavePending(tenant, scene.groupIds[0] ?? "", pool.slice(0, 100));
      await change(table, scene, pool.slice(100, 103));
    },
    run: (cut, scene) => change(cut, scene, [], pool.slice(101, 102)),
    next: oneMore,
  },
  {
    operation: "deleting a group",
    groups: [of(0, 3), ({ groupIds }) => [groupIds[0] ?? ""]],
    run: async (cut, scene) => {
      const before = await groups.get(tenant, scene.groupIds[0] ?? "");
      if (before) await groupStore(cut).delete(tenant, before, defaultRules);
    },
  },
  {
    operation: "carrying a journal of three over",
    groups: [of(0, 2)],
    before: async (scene) => {
      await leavePending(tenant, scene.groupIds[0] ?? "", pool.slice(0, 100));
      await change(table, scene, pool.slice(100, 105), pool.slice(0, 2));
      await replaceMembers(table, scene, pool.slice(50, 104));
    },
    run: (cut, { groupIds: [id = ""] }) =>
      carryOver(cut, tenant, id, { until: Number.POSITIVE_INFINITY }),
    next: oneMore,
    isHidden: true,
  },
  {
    operation: "sweeping a user of three groups",
    withUser: true,
    groups: threeOf,
    before: (scene) => deleteUser(table, scene),
    run: ({ db }) => throughout(() => doBackgroundWork(tenant, { db })),
    next: oneMore,
    isHidden: true,
  },
  {
    operation: "sweeping a group that had members and was one",
    groups: [of(0, 30), ({ groupIds }) => [groupIds[0] ?? "", ...pool.slice(0, 1)]],
    before: async (scene) => groups.delete(tenant, await group(scene), defaultRules),
    run: ({ db }) => throughout(() => doBackgroundWork(tenant, { db })),
    isHidden: true,
  },
  {
    operation: "restoring a user whose memberships are still there",
    withUser: true,
    groups: threeOf,
    before: (scene) => deleteUser(table, scene),
    run: (cut, { userId }) => deletedUsers(cut).restore(tenant, userId),
    next: ({ userId }) => deletedUsers(table).restore(tenant, userId),
  },
];

/** The background work tells of failures by its report. */
async function throughout(run: () => ReturnType<typeof doBackgroundWork>) {
  const { failures } = await run();
  if (failures.length > 0) throw failures[0];
}

function refusedAtMost(error: { readonly status?: number }): void {
  if (error.status !== 409) throw error;
}

let scenes = 0;

async function set({ groups: lists = [], withUser, before }: Row): Promise<Scene> {
  const name = `s${scenes++}`;
  const userId = withUser ? (await users.create(tenant, person(name), defaultRules)).id : "";
  const groupIds: string[] = [];
  for (const [at, list] of lists.entries()) {
    const members = typeof list === "function" ? list({ name, userId, groupIds }) : list;
    const made = await groups.create(tenant, aGroup(`${name}-${at}`), members, defaultRules);
    groupIds.push(made.group.id);
  }
  const scene = { name, userId, groupIds };
  await before?.(scene);
  return scene;
}

const without = (value: string, { name }: Scene) => value.replaceAll(name, "s");

/** What readers see of a scene, in words that are the same for each scene of a row. */
async function seen(scene: Scene, totals: readonly number[]): Promise<string> {
  const { name, userId, groupIds } = scene;
  const words = new Map([
    ...pool.map((id, at) => [id, `${at}`] as const),
    ...groupIds.map((id, at) => [id, `group ${at}`] as const),
    [userId, "user"] as const,
  ]);
  const word = (id: string) => words.get(id) ?? "new";
  const named = [name, `${name}-new`];
  const finds = ["userName", "externalId", "emails.value"].flatMap((attribute) =>
    named.map((value) => ({
      attribute,
      value: attribute === "emails.value" ? `b-${value}@example.com` : value,
    })),
  );
  const found = await Promise.all(finds.map((lookup) => users.find(tenant, lookup)));
  const groupNames = [`${name}-new`, ...groupIds.map((_, at) => `${name}-${at}`)];
  const byName = await Promise.all(
    groupNames.map((value) => groups.find(tenant, { attribute: "displayName", value })),
  );
  const ids = [
    ...new Set([...groupIds, ...byName.flatMap((all) => all ?? []).map(({ id }) => id)]),
  ];
  const wholes = await Promise.all(
    ids.map(async (id) => {
      const whole = await groups.getWithMembers(tenant, id);
      const asked = [userId, ...groupIds, ...pool.filter((_, nth) => nth % 8 === 0)].filter(
        (one) => one !== "",
      );
      const among = await groups.membersAmong(tenant, id, asked);
      const members = (whole?.members ?? []).map((member) => member.id);
      // The two ways to ask must agree.
      expect(among.map((member) => member.id).toSorted()).toEqual(
        members.filter((member) => asked.includes(member)).toSorted(),
      );
      return [word(id), whole?.group.resource, members.map(word).toSorted()];
    }),
  );
  const user = userId ? await users.get(tenant, userId) : undefined;
  const all = [
    user?.resource ?? null,
    found.map((list) => list?.map(({ resource }) => resource)),
    byName.map((list) => list?.map(({ id }) => word(id))),
    wholes,
    (await counts()).map((total, at) => total - (totals[at] ?? 0)),
  ];
  return without(JSON.stringify(all), scene);
}

const counts = async () => [
  (await users.page(tenant, 1, 0)).totalResults,
  (await groups.page(tenant, 1, 0)).totalResults,
];

/** Takes what a scene left out of the tenant. */
async function clear({ name, userId, groupIds }: Scene) {
  const made = await users.find(tenant, { attribute: "userName", value: `${name}-new` });
  for (const id of [userId, ...(made ?? []).map((one) => one.id)]) {
    const user = await users.get(tenant, id);
    if (user) await users.delete(tenant, user, defaultRules);
  }
  const newer = await groups.find(tenant, { attribute: "displayName", value: `${name}-new` });
  for (const id of [...groupIds, ...(newer ?? []).map((one) => one.id)]) {
    const one = await groups.get(tenant, id);
    if (one) await groups.delete(tenant, one, defaultRules);
  }
}

describe("a process that ends at any of its calls leaves all or nothing", () => {
  test.each(rows.map((row) => [row.operation, row] as const))("of %s", async (_, row) => {
    const totals = await counts();
    const first = await set(row);
    const before = await seen(first, totals);
    await row.run(testTable(), first);
    const after = await seen(first, totals);
    if (row.isHidden) expect(after).toBe(before);
    else expect(after).not.toBe(before);
    await clear(first);
    await finishWork(tenant);

    const states = new Set<string>();
    for (let calls = 0, isCut = true; isCut; calls++) {
      const base = await counts();
      const scene = await set(row);
      isCut = await cutOffAt(calls, (cut) => row.run(cut, scene));
      const state = await seen(scene, base);
      expect([before, after]).toContain(state);
      states.add(state);
      expect(await audit(tenant)).toEqual([]);

      await row.next?.(scene);
      await finishWork(tenant);
      expect(await workLeft(tenant)).toEqual([]);
      expect(await audit(tenant)).toEqual([]);
      await clear(scene);
      // What waits would be done by the next scene's work.
      if (row.isHidden) await finishWork(tenant);
    }
    expect(states.size).toBe(row.isHidden ? 1 : 2);
  });
});

test("of restoring a user whose memberships were swept, whoever asks again completes it", async () => {
  const row = { groups: threeOf, withUser: true, operation: "", run: async () => undefined };
  for (let calls = 0, isCut = true; isCut; calls++) {
    const scene = await set(row);
    await deleteUser(table, scene);
    await finishWork(tenant);
    isCut = await cutOffAt(calls, (cut) => deletedUsers(cut).restore(tenant, scene.userId));
    expect(await audit(tenant)).toEqual([]);
    await deletedUsers(table).restore(tenant, scene.userId);
    const whole = await Promise.all(
      scene.groupIds.map((id) => groups.membersAmong(tenant, id, [scene.userId])),
    );
    expect(whole.flat()).toHaveLength(3);
    expect(await audit(tenant)).toEqual([]);
    await clear(scene);
  }
});
