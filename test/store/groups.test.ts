import { beforeAll, describe, expect, test } from "@jest/globals";
import { groupType } from "../../lambdas/scim/resource-types.ts";
import { attribute } from "../../lambdas/scim/schemas/define.ts";
import { carryOver } from "../../lambdas/store/dynamodb/carry-over.ts";
import { groupStore } from "../../lambdas/store/dynamodb/groups.ts";
import { textOf } from "../../lambdas/store/dynamodb/indexing.ts";
import { readMemberships } from "../../lambdas/store/dynamodb/memberships.ts";
import { resourceStore } from "../../lambdas/store/dynamodb/resources.ts";
import type { Table } from "../../lambdas/store/dynamodb/table.ts";
import { userStore } from "../../lambdas/store/dynamodb/users.ts";
import {
  aGroup,
  aTenant,
  CutOff,
  countingDb,
  cutOffAfter,
  defaultRules,
  doBackgroundWork,
  membersOf,
  someUsers,
  testTable,
  update,
} from "../support/store.ts";

const table = testTable();
const users = userStore(table);
const groups = groupStore(table);

/** What a create leaves of the group itself. */
const createGroup = async (...given: Parameters<typeof groups.create>) =>
  (await groups.create(...given)).group;

const replacement = (members: readonly string[]) => ({ kind: "replace", members }) as const;

const change = (
  tenant: string,
  id: string,
  add: readonly string[],
  remove: readonly string[] = [],
) => groups.changeMembers(tenant, id, update(add, remove), defaultRules);

describe("a group's own attributes", () => {
  test("two groups of one name are refused, in whatever case, also by a race", async () => {
    const tenant = aTenant();
    const names = Array.from({ length: 20 }, (_, at) => (at % 2 ? "SALES" : "Sales"));
    const results = await Promise.allSettled(
      names.map((name) => createGroup(tenant, aGroup(name), [], defaultRules)),
    );
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect((await groups.page(tenant, 1, 0)).totalResults).toBe(1);
  });

  test("where names need not be unique, groups share one and each can be renamed and deleted", async () => {
    const tenant = aTenant();
    const rules = { ...defaultRules, uniqueGroupNames: false };
    const claimed = await createGroup(tenant, aGroup("Sales"), [], defaultRules);
    const second = await createGroup(tenant, aGroup("sales"), [], rules);
    const third = await createGroup(tenant, aGroup("SALES"), [], rules);
    const byName = () => groups.find(tenant, { attribute: "displayName", value: "sales" });
    expect(await byName()).toHaveLength(3);

    await groups.replace(tenant, second, aGroup("Other"), undefined, rules);
    await groups.delete(tenant, third, defaultRules);
    expect((await byName())?.map(({ id }) => id)).toEqual([claimed.id]);
    await expect(createGroup(tenant, aGroup("Sales"), [], defaultRules)).rejects.toMatchObject({
      status: 409,
    });
  });

  test("a rename keeps the members and frees the old name", async () => {
    const tenant = aTenant();
    const members = await someUsers(tenant, 2);
    const group = await createGroup(tenant, aGroup("Old"), members, defaultRules);
    await groups.replace(tenant, group, aGroup("New"), undefined, defaultRules);

    expect(await membersOf(tenant, group.id)).toEqual(members);
    expect(await groups.find(tenant, { attribute: "displayName", value: "old" })).toEqual([]);
    await createGroup(tenant, aGroup("OLD"), [], defaultRules);
  });
});

describe("members", () => {
  test("adding is a union, removing takes those named, and either again changes nothing", async () => {
    const tenant = aTenant();
    const [a = "", b = "", c = ""] = await someUsers(tenant, 3);
    const { id } = await createGroup(tenant, aGroup("g"), [a], defaultRules);

    await change(tenant, id, [a, b, b, c]);
    expect(await membersOf(tenant, id)).toEqual([a, b, c]);
    await change(tenant, id, [], [b]);
    const settled = await groups.get(tenant, id);

    await change(tenant, id, [a, c], [b]);
    await change(tenant, id, [], [b]);
    expect(await membersOf(tenant, id)).toEqual([a, c]);
    expect(await groups.get(tenant, id)).toEqual(settled);
  });

  test("one member is added in two round trips, without a read of the group", async () => {
    const tenant = aTenant();
    const [a = "", b = ""] = await someUsers(tenant, 2);
    const { id } = await createGroup(tenant, aGroup("g"), [a], defaultRules);
    const { db, calls } = countingDb();
    await groupStore(testTable({ db })).changeMembers(tenant, id, update([b]), defaultRules);
    expect(calls).toEqual(["BatchGetItem", "TransactWriteItems"]);
  });

  test("an id that is no user and no group of the tenant is refused, and nothing is applied", async () => {
    const tenant = aTenant();
    const [a = ""] = await someUsers(tenant, 1);
    const [stranger = ""] = await someUsers(aTenant(), 1);
    const { id } = await createGroup(tenant, aGroup("g"), [], defaultRules);

    for (const unknown of [stranger, "nobody", "#", ""])
      await expect(change(tenant, id, [a, unknown])).rejects.toMatchObject({
        status: 400,
        scimType: "invalidValue",
        detail: expect.stringContaining(`"${unknown}"`),
      });
    expect(await membersOf(tenant, id)).toEqual([]);

    const lenient = { ...defaultRules, unknownMembers: "ignore" } as const;
    await groups.changeMembers(tenant, id, update([a, stranger]), lenient);
    expect(await membersOf(tenant, id)).toEqual([a]);
  });

  test("a group is a member of another, told from a user", async () => {
    const tenant = aTenant();
    const [a = ""] = await someUsers(tenant, 1);
    const child = await createGroup(tenant, aGroup("child"), [], defaultRules);
    const parent = await createGroup(tenant, aGroup("parent"), [a, child.id], defaultRules);
    const whole = await groups.getWithMembers(tenant, parent.id);
    expect(whole?.members).toEqual(
      expect.arrayContaining([
        { id: a, type: "User" },
        { id: child.id, type: "Group" },
      ]),
    );
  });

  test.each([1, 90, 91, 250])("a group is created with %i members at once", async (count) => {
    const tenant = aTenant();
    const members = await someUsers(tenant, count);
    const { id } = await createGroup(tenant, aGroup("g"), members, defaultRules);
    expect(await membersOf(tenant, id)).toEqual(members);
  });

  test.each([2, 120])(
    "replacing the members leaves exactly those named (%i of them)",
    async (count) => {
      const tenant = aTenant();
      const members = await someUsers(tenant, count * 2);
      const before = await createGroup(tenant, aGroup("g"), members.slice(0, count), defaultRules);
      const wanted = members.slice(count / 2, count * 2);
      const after = await groups.replace(
        tenant,
        before,
        before.resource,
        replacement(wanted),
        defaultRules,
      );
      expect(await membersOf(tenant, before.id)).toEqual(wanted);
      expect(after.version).toBe(before.version + 1);

      const again = await groups.replace(
        tenant,
        after,
        after.resource,
        replacement(wanted),
        defaultRules,
      );
      expect(again).toBe(after);
      await groups.replace(tenant, after, after.resource, replacement([]), defaultRules);
      expect(await membersOf(tenant, before.id)).toEqual([]);
    },
  );

  test("more than 20,000 members in one request are refused with 413", async () => {
    const tenant = aTenant();
    const { id } = await createGroup(tenant, aGroup("g"), [], defaultRules);
    const many = Array.from({ length: 20_001 }, (_, at) => String(at));
    await expect(change(tenant, id, many)).rejects.toMatchObject({ status: 413 });
  });

  test("a change to a group that does not exist is told so", async () => {
    const tenant = aTenant();
    const [a = "", ...rest] = await someUsers(tenant, 100);
    const [other = ""] = await someUsers(tenant, 1);
    for (const id of [other, "x"]) {
      expect(await change(tenant, id, [a])).toBe(false);
      expect(await change(tenant, id, [a, ...rest])).toBe(false);
      expect(await change(tenant, id, [], [a])).toBe(false);
      expect(await change(tenant, id, [])).toBe(false);
    }
  });
});

describe("deleting", () => {
  test("a deleted user or group is in no group from that moment on", async () => {
    const tenant = aTenant();
    const [a = "", b = ""] = await someUsers(tenant, 2);
    const child = await createGroup(tenant, aGroup("child"), [], defaultRules);
    const { id } = await createGroup(tenant, aGroup("g"), [a, b, child.id], defaultRules);

    const user = await users.get(tenant, a);
    if (user) await users.delete(tenant, user, defaultRules);
    await groups.delete(tenant, child, defaultRules);
    expect(await membersOf(tenant, id)).toEqual([b]);
    await expect(change(tenant, id, [a])).rejects.toMatchObject({ status: 400 });
    expect(await change(tenant, id, [], [a])).toBe(true);
  });

  test("a store that has read members before sees what was deleted since", async () => {
    const tenant = aTenant();
    const [id = ""] = await someUsers(tenant, 1);
    const { group } = await groups.create(tenant, aGroup("g"), [id], defaultRules);
    expect((await groups.getWithMembers(tenant, group.id))?.members).toHaveLength(1);
    const user = await users.get(tenant, id);
    if (user) await users.delete(tenant, user, defaultRules);
    expect(await groups.getWithMembers(tenant, group.id)).toMatchObject({
      members: [],
      lacksDeleted: true,
    });
  });

  test("a deleted group is gone, its name free, and counts follow", async () => {
    const tenant = aTenant();
    const members = await someUsers(tenant, 3);
    const group = await createGroup(
      tenant,
      aGroup("g", { externalId: "x" }),
      members,
      defaultRules,
    );
    await groups.delete(tenant, group, defaultRules);

    expect(await groups.get(tenant, group.id)).toBeUndefined();
    expect(await groups.getWithMembers(tenant, group.id)).toBeUndefined();
    expect(await groups.find(tenant, { attribute: "externalId", value: "x" })).toEqual([]);
    expect((await groups.page(tenant, 1, 10)).totalResults).toBe(0);
    await createGroup(tenant, aGroup("G"), [], defaultRules);
  });
});

test("of a page of groups, what was deleted is read once", async () => {
  const tenant = aTenant();
  const ids: string[] = [];
  for (let at = 0; at < 5; at++)
    ids.push((await createGroup(tenant, aGroup(`g${at}`), [], defaultRules)).id);
  const { db, calls } = countingDb();
  const reader = groupStore(testTable({ db })).memberReader();
  for (const id of ids) expect((await reader.getWithMembers(tenant, id))?.group.id).toBe(id);
  // One query of each group's members, and one of what was deleted.
  expect(calls.filter((call) => call === "Query")).toHaveLength(6);
});

describe("races", () => {
  test("parallel adds and removes of different members all take effect", async () => {
    const tenant = aTenant();
    const members = await someUsers(tenant, 40);
    const start = members.slice(0, 20);
    const { id } = await createGroup(tenant, aGroup("g"), start, defaultRules);
    await Promise.all([
      ...members.slice(20).map((one) => change(tenant, id, [one])),
      ...start.slice(0, 10).map((one) => change(tenant, id, [], [one])),
    ]);
    expect(await membersOf(tenant, id)).toEqual(members.slice(10));
    expect((await groups.get(tenant, id))?.version).toBe(31);
  });

  test("single changes go on while large ones are under way, and none is lost", async () => {
    const tenant = aTenant();
    const members = await someUsers(tenant, 400);
    const { id } = await createGroup(tenant, aGroup("g"), members.slice(0, 20), defaultRules);
    await Promise.all([
      change(tenant, id, members.slice(100, 250)),
      change(tenant, id, members.slice(250)),
      ...members.slice(50, 60).map((one) => change(tenant, id, [one])),
      ...members.slice(0, 5).map((one) => change(tenant, id, [], [one])),
    ]);
    const expected = [...members.slice(5, 20), ...members.slice(50, 60), ...members.slice(100)];
    expect(await membersOf(tenant, id)).toEqual(expected.toSorted());
  });
});

describe("a large change and a crash", () => {
  let tenant: string;
  let members: string[];
  beforeAll(async () => {
    tenant = aTenant();
    members = await someUsers(tenant, 240);
  });

  const inHalf = () => [members.slice(0, 120), members.slice(120)] as const;

  async function cutOffAt(calls: number, run: (cut: Table) => Promise<unknown>): Promise<boolean> {
    try {
      await run(testTable({ db: cutOffAfter(calls) }));
      return false;
    } catch (error) {
      if (!(error instanceof CutOff)) throw error;
      return true;
    }
  }

  /** Cuts `run` off after its k-th call, for every k, and checks what is left. */
  async function afterEveryCall(
    run: (cut: Table, id: string, name: string) => Promise<unknown>,
    check: (id: string) => Promise<void>,
  ) {
    for (let calls = 0; ; calls++) {
      const name = `g-${calls}-${Math.random()}`;
      const { id } = await createGroup(tenant, aGroup(name), inHalf()[0], defaultRules);
      const wasCut = await cutOffAt(calls, (cut) => run(cut, id, name));
      await check(id);
      if (!wasCut) return expect(calls).toBeGreaterThan(4);
    }
  }

  test("adding 120: readers see all or none, the next writer comes behind it, and the background work completes it", async () => {
    const [first, second] = inHalf();
    await afterEveryCall(
      (cut, id) => groupStore(cut).changeMembers(tenant, id, update(second), defaultRules),
      async (id) => {
        const seen = await membersOf(tenant, id);
        expect([first.length, members.length]).toContain(seen.length);

        const one = first[0] ?? "";
        await change(tenant, id, [], [one]);
        const wanted = seen.filter((member) => member !== one);
        expect(await membersOf(tenant, id)).toEqual(wanted);
        await doBackgroundWork(tenant);
        const { members: stored, changes } = await readMemberships(table, tenant, id);
        expect([[...stored.keys()].toSorted(), changes]).toEqual([wanted, []]);
      },
    );
  });

  test("replacing 120 by 120 others and renaming: all or none", async () => {
    const [first, second] = inHalf();
    await afterEveryCall(
      async (cut, id, name) => {
        const before = await groupStore(cut).get(tenant, id);
        if (!before) throw new Error("not there");
        const after = { ...before.resource, displayName: `${name}-renamed` };
        await groupStore(cut).replace(tenant, before, after, replacement(second), defaultRules);
      },
      async (id) => {
        const whole = await groups.getWithMembers(tenant, id);
        const renamed = textOf(whole?.group.resource ?? {}, "displayName").endsWith("-renamed");
        const seen = (whole?.members ?? []).map((member) => member.id).toSorted();
        expect(seen).toEqual(renamed ? second : first);
      },
    );
  });

  test("while a change is pending, others come behind it in their order, and change nothing that is so already", async () => {
    const [first, second] = inHalf();
    const { id } = await createGroup(tenant, aGroup(`slow-${Math.random()}`), first, defaultRules);
    // A request whose time is up carries nothing over.
    let time = Date.now();
    const slow = groupStore(testTable({ now: () => new Date((time += 60_000)) }));
    expect(await slow.changeMembers(tenant, id, update(second), defaultRules)).toBe(true);

    const [one = "", two = "", three = ""] = second;
    await change(tenant, id, [], [one, two, three]);
    await change(tenant, id, [two]);
    await change(tenant, id, [three]);
    await change(tenant, id, [], [three]);
    const whole = await groups.getWithMembers(tenant, id);
    const wanted = members.filter((member) => member !== one && member !== three);
    expect(whole?.members.map((member) => member.id).toSorted()).toEqual(wanted);

    await change(tenant, id, [two], [one, three]);
    expect((await groups.get(tenant, id))?.version).toBe(whole?.group.version);
    const journal = (await readMemberships(table, tenant, id)).changes;
    // The single ones are taken into the change that came behind the first.
    expect(journal).toHaveLength(2);

    await doBackgroundWork(tenant);
    expect(await membersOf(tenant, id)).toEqual(wanted);
    expect((await readMemberships(table, tenant, id)).changes).toEqual([]);
  });

  test("an applier that froze and thaws does not bring back what a later change removed", async () => {
    const [first, second] = inHalf();
    const { id } = await createGroup(
      tenant,
      aGroup(`frozen-${Math.random()}`),
      first,
      defaultRules,
    );
    // Commits, and stops before any membership is written.
    for (let calls = 0; ; calls++) {
      await cutOffAt(calls, (cut) =>
        groupStore(cut).changeMembers(tenant, id, update(second), defaultRules),
      );
      if ((await membersOf(tenant, id)).length === members.length) break;
    }

    let thaw = () => {};
    const frozen = new Promise<void>((resolve) => {
      thaw = resolve;
    });
    let sends = 0;
    const { db } = testTable();
    db.middlewareStack.add(
      (next, context) => async (args) => {
        if (context.commandName === "TransactWriteItemsCommand" && sends++ === 0) await frozen;
        return next(args);
      },
      { step: "initialize", name: "frozen" },
    );
    const until = Number.POSITIVE_INFINITY;
    const applier = carryOver(testTable({ db }), tenant, id, { until });

    await doBackgroundWork(tenant);
    await change(tenant, id, [], second.slice(0, 60));
    thaw();
    await applier;
    expect(await membersOf(tenant, id)).toEqual([...first, ...second.slice(60)].toSorted());
  });

  test("a reader sees a change of several members whole or not at all while it is written", async () => {
    const [first, second] = inHalf();
    const { id } = await createGroup(tenant, aGroup(`read-${Math.random()}`), first, defaultRules);
    let done = false;
    const sizes = new Set<number>();
    const reading = (async () => {
      while (!done) sizes.add((await membersOf(tenant, id)).length);
    })();
    for (let round = 0; round < 3; round++) {
      await change(tenant, id, second);
      await change(tenant, id, [], second);
      await change(tenant, id, second.slice(0, 50));
      await change(tenant, id, [], second.slice(0, 50));
    }
    done = true;
    await reading;
    for (const size of sizes) expect([120, 170, 240]).toContain(size);
    expect(sizes.size).toBeGreaterThan(1);
  });
});

test("a change of everything unique and of as many members as one transaction takes is carried through", async () => {
  const tenant = aTenant();
  const attributes = ["one", "two", "three", "four"].map((name) =>
    attribute(name, "A unique value.", { uniqueness: "server" }),
  );
  const schema = { id: "urn:example:2.0:Unique", name: "Unique", description: "", attributes };
  const type = { ...groupType, extensions: [{ schema, required: false }] };
  const store = groupStore(table, type);
  const unique = (suffix: string) => ({
    [schema.id]: Object.fromEntries(attributes.map(({ name }) => [name, `${name}${suffix}`])),
    externalId: suffix,
  });
  const ids = await someUsers(tenant, 90);
  const { group } = await store.create(tenant, aGroup("before", unique("1")), [], defaultRules);
  const membership = { kind: "replace", members: ids } as const;
  const after = aGroup("after", unique("2"));
  await store.replace(tenant, group, after, membership, defaultRules);
  expect(await membersOf(tenant, group.id)).toEqual(ids);
  await expect(
    store.create(tenant, aGroup("other", unique("2")), [], defaultRules),
  ).rejects.toMatchObject({ status: 409 });
});

test("a time that must be unique is the same however it is written, and so is a number", async () => {
  const tenant = aTenant();
  const attributes = [
    attribute("at", "A time.", { type: "dateTime", uniqueness: "server" }),
    attribute("number", "A number.", { type: "integer", uniqueness: "server" }),
  ];
  const schema = { id: "urn:example:2.0:Thing", name: "Thing", description: "", attributes };
  const type = { ...groupType, name: "Thing", schema, extensions: [] };
  const things = resourceStore(table, type);
  await things.create(tenant, { at: "2026-01-31T08:00:00Z", number: 5 }, defaultRules);
  await expect(
    things.create(tenant, { at: "2026-01-31T09:00:00+01:00" }, defaultRules),
  ).rejects.toMatchObject({
    status: 409,
  });
  for (const lookup of [
    { attribute: "at", value: "2026-01-31T08:00:00.000Z" },
    { attribute: "number", value: "5.0" },
  ])
    expect(await things.find(tenant, lookup)).toHaveLength(1);
});
