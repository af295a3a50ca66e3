import { DynamoDBServiceException, TransactionConflictException } from "@aws-sdk/client-dynamodb";
import { describe, expect, test } from "@jest/globals";
import * as fc from "fast-check";
import { readListQuery } from "../../lambdas/scim/list-query.ts";
import { groupType, userType } from "../../lambdas/scim/resource-types.ts";
import type { ResourceType } from "../../lambdas/scim/schema.ts";
import type { Stored } from "../../lambdas/scim/stored.ts";
import { groupStore } from "../../lambdas/store/dynamodb/groups.ts";
import type { Table } from "../../lambdas/store/dynamodb/table.ts";
import { userStore } from "../../lambdas/store/dynamodb/users.ts";
import { type Show, showPage } from "../../lambdas/store/query/show-page.ts";
import { querySources } from "../../lambdas/store/query.ts";
import type { Page } from "../../lambdas/store/store.ts";
import { seedUsers } from "../support/seed.ts";
import { aGroup, aTenant, countingDb, defaultRules, testTable } from "../support/store.ts";
import { testDb } from "../support/table.ts";

/** A tenant with so many users, and a clock that is set by hand. */
async function aDirectory(size: number, over: Partial<Table> = {}) {
  let now = Date.now();
  const table = testTable({ now: () => new Date(now), ...over });
  const users = userStore(table);
  const tenant = aTenant();
  const ids = await seedUsers(testTable(), tenant, size);
  const remove = async (id = "") => {
    const user = await users.get(tenant, id);
    if (user) await users.delete(tenant, user, defaultRules);
  };
  const wait = (hours: number) => {
    now += hours * 3_600_000;
  };
  return { table, users, tenant, ids, remove, wait };
}

type Directory = Awaited<ReturnType<typeof aDirectory>>;

const idsOf = ({ resources }: Page) => resources.map(({ id }) => id);

/** A client that goes through the list by what it is shown, until it is told that this is all. */
function aWalk({ users, tenant }: Directory, count: number, end: "total" | "empty" = "total") {
  const seen: string[] = [];
  const totals: number[] = [];
  let startIndex = 1;
  let isDone = false;
  const ask = () => users.page(tenant, startIndex, count);
  const take = (page: Page) => {
    seen.push(...idsOf(page));
    totals.push(page.totalResults);
    startIndex += page.resources.length;
    isDone = page.resources.length === 0 || (end === "total" && startIndex > page.totalResults);
  };
  const step = async () => take(await ask());
  return {
    seen,
    totals,
    ask,
    step,
    /** Asks, and hears nothing, unless it is the last page and not even that may be lost. */
    lose: async (evenLast: boolean) => {
      const page = await ask();
      const isLast = startIndex + page.resources.length > page.totalResults;
      if (isLast && !evenLast) take(page);
    },
    isDone: () => isDone,
    toEnd: async () => {
      for (let pages = 0; !isDone; pages++) {
        if (pages > 200) throw new Error("The walk does not end.");
        await step();
      }
    },
  };
}

/** What a walk alone is shown and told, each total once. */
async function walked(directory: Directory, count: number) {
  const walk = aWalk(directory, count);
  await walk.toEnd();
  return { seen: walk.seen, totals: [...new Set(walk.totals)] };
}

/** What it should be. */
async function everyone({ users, tenant }: Directory) {
  const seen: string[] = [];
  for await (const { id } of users.each(tenant)) seen.push(id);
  return { seen, totals: [seen.length] };
}

describe("whoever goes through a list by index", () => {
  test("sees all who stay, whatever is deleted between the pages", async () => {
    const directory = await aDirectory(30);
    const walk = aWalk(directory, 10);
    await walk.step();
    for (const id of directory.ids.slice(3, 9)) await directory.remove(id);
    await walk.toEnd();
    expect(walk.seen).toEqual(directory.ids);
  });

  test("is not told that it is done where deletes made the list shorter than the walk is long", async () => {
    const directory = await aDirectory(30);
    const walk = aWalk(directory, 10);
    await walk.step();
    await walk.step();
    for (const id of directory.ids.slice(0, 15)) await directory.remove(id);
    await walk.toEnd();
    expect(walk.seen).toEqual(directory.ids);
    expect(walk.totals).toEqual([30, 30, 15]);
  });

  test("is given the same page again where its answer was lost, though others were deleted and walk on", async () => {
    const directory = await aDirectory(40);
    const [first, second] = [aWalk(directory, 10), aWalk(directory, 10)];
    await first.step();
    const lost = await first.ask();
    await directory.remove(directory.ids[2]);
    await second.step();
    await second.step();
    expect(idsOf(await first.ask())).toEqual(idsOf(lost));
    await first.toEnd();
    expect(first.seen).toEqual(directory.ids);
  });

  test("sees all while a faster one deletes behind itself and one that began later overtakes", async () => {
    const directory = await aDirectory(40);
    const [slow, fast] = [aWalk(directory, 10), aWalk(directory, 10)];
    await slow.step();
    await fast.step();
    for (const id of directory.ids.slice(0, 8)) await directory.remove(id);
    await fast.toEnd();
    const late = aWalk(directory, 10);
    await late.toEnd();
    await slow.toEnd();
    expect(slow.seen).toEqual(directory.ids);
    expect(fast.seen).toEqual(directory.ids);
    expect(new Set(late.seen)).toEqual(new Set(directory.ids.slice(8)));
  });
});

test("a last page that is asked for again is not the end of a walk that is still on its way there", async () => {
  const directory = await aDirectory(40);
  const [slow, fast] = [aWalk(directory, 10), aWalk(directory, 10)];
  await slow.step();
  for (let page = 0; page < 3; page++) await fast.step();
  await fast.lose(true);
  await fast.toEnd();
  for (const id of directory.ids.slice(0, 8)) await directory.remove(id);
  await aWalk(directory, 10).toEnd();
  await slow.toEnd();
  expect(slow.seen).toEqual(directory.ids);
});

describe("a walk that begins when all others have ended", () => {
  test("shows nobody twice and tells the exact total, whatever was deleted since", async () => {
    const directory = await aDirectory(45);
    await aWalk(directory, 10).toEnd();
    for (const id of directory.ids.slice(5, 20)) await directory.remove(id);
    expect(await walked(directory, 10)).toEqual(await everyone(directory));
    for (const id of directory.ids.slice(25, 30)) await directory.remove(id);
    expect(await walked(directory, 10)).toEqual(await everyone(directory));
  });

  test("does so too where the others went through the list at once", async () => {
    const directory = await aDirectory(45);
    const [one, other] = [aWalk(directory, 10), aWalk(directory, 10)];
    for (const id of directory.ids.slice(5, 20)) {
      if (!one.isDone()) await one.step();
      await directory.remove(id);
      if (!other.isDone()) await other.step();
    }
    await Promise.all([one.toEnd(), other.toEnd()]);
    expect(await walked(directory, 10)).toEqual(await everyone(directory));
  });

  test("and two hours after one that never ended", async () => {
    const directory = await aDirectory(45);
    await aWalk(directory, 10).step();
    for (const id of directory.ids.slice(0, 5)) await directory.remove(id);
    const soon = aWalk(directory, 10);
    await soon.toEnd();
    // Someone may still be waiting where the first page ended before.
    expect(soon.seen.length).toBe(45);
    expect(new Set(soon.seen)).toEqual(new Set(directory.ids.slice(5)));
    directory.wait(2.1);
    expect(await walked(directory, 10)).toEqual(await everyone(directory));
  });
});

test("an answer that was lost is the same when it is asked for an hour later, and everyone is seen", async () => {
  const directory = await aDirectory(30);
  const walk = aWalk(directory, 10);
  await walk.step();
  for (const id of directory.ids.slice(0, 5)) await directory.remove(id);
  directory.wait(0.99);
  await walk.toEnd();
  expect(walk.seen).toEqual(directory.ids);
});

const interleaving = fc.record({
  size: fc.integer({ min: 20, max: 60 }),
  count: fc.integer({ min: 3, max: 12 }),
  end: fc.constantFrom<"total" | "empty">("total", "empty"),
  moves: fc.array(
    fc.record({
      walk: fc.nat(2),
      kind: fc.constantFrom("step", "step", "step", "lose", "delete", "delete"),
      at: fc.nat(59),
    }),
    { maxLength: 40 },
  ),
});

type Interleaving = typeof interleaving extends fc.Arbitrary<infer T> ? T : never;

/** Makes the moves, lets every walk end, and tells whom each should have seen and did not. */
async function missedIn({ size, count, end, moves }: Interleaving, beginTogether: boolean) {
  const directory = await aDirectory(size);
  const live = new Set(directory.ids);
  const walks = [0, 1, 2].map(() => ({ ...aWalk(directory, count, end), owed: new Set<string>() }));
  const begin = (walk: (typeof walks)[number]) => {
    if (walk.totals.length === 0 && walk.owed.size === 0) for (const id of live) walk.owed.add(id);
  };
  if (beginTogether)
    for (const walk of walks) {
      begin(walk);
      await walk.step();
    }
  for (const { walk: nth, kind, at } of moves) {
    const walk = walks[nth];
    if (!walk) continue;
    if (kind === "delete") {
      const id = [...live][at % Math.max(1, live.size)];
      await directory.remove(id);
      for (const set of [live, ...walks.map(({ owed }) => owed)]) set.delete(id ?? "");
      continue;
    }
    if (walk.isDone()) continue;
    begin(walk);
    await (kind === "step" ? walk.step() : walk.lose(beginTogether));
  }
  for (const walk of walks) {
    begin(walk);
    await walk.toEnd();
  }
  return walks.map(({ owed, seen }) => [...owed].filter((id) => !seen.includes(id)));
}

test("walks at once skip nobody, whenever each begins, and all end, though answers are lost but the last", async () => {
  const property = fc.asyncProperty(interleaving, async (moves) => {
    expect(await missedIn(moves, false)).toEqual([[], [], []]);
  });
  await fc.assert(property, { numRuns: 15 });
});

test("walks that begin before any of them ends skip nobody, though the last answers are lost too", async () => {
  const property = fc.asyncProperty(interleaving, async (moves) => {
    expect(await missedIn(moves, true)).toEqual([[], [], []]);
  });
  await fc.assert(property, { numRuns: 15 });
});

test("ten walks in step meet at every page, and each sees all", async () => {
  const directory = await aDirectory(30);
  const walks = Array.from({ length: 10 }, () => aWalk(directory, 10));
  for (const id of directory.ids.slice(4, 6)) {
    await Promise.all(walks.map((walk) => walk.step()));
    await directory.remove(id);
  }
  await Promise.all(walks.map((walk) => walk.toEnd()));
  for (const { seen } of walks) expect(seen).toEqual(directory.ids);
  expect(await walked(directory, 10)).toEqual(await everyone(directory));
});

/** A table whose PutItem ends so, each time or the first; it is carried out before an answer that is lost. */
function puttingBadly(error: () => Error, isCarriedOut = false) {
  const db = testDb();
  let lost = 0;
  db.middlewareStack.add(
    (next, context) => async (args) => {
      if (context.commandName !== "PutItemCommand") return next(args);
      if (!isCarriedOut) throw error();
      const answer = await next(args);
      if (lost++ % 2 === 0) throw error();
      return answer;
    },
    { step: "deserialize", name: "puttingBadly", priority: "high" },
  );
  return { db };
}

const fault = (name: string, $fault: "client" | "server" = "client") =>
  new DynamoDBServiceException({ name, message: name, $fault, $metadata: {} });

describe("a bookmark that cannot be written", () => {
  test.each([
    "ProvisionedThroughputExceededException",
    "ThrottlingException",
    "InternalServerError",
  ])("since the store is busy (%s) is let be: the list goes on", async (name) => {
    const kind = name === "InternalServerError" ? "server" : "client";
    const directory = await aDirectory(
      25,
      puttingBadly(() => fault(name, kind)),
    );
    expect(await walked(directory, 10)).toEqual(await everyone(directory));
  });

  test("since a transaction is at it is let be too", async () => {
    const conflict = () => new TransactionConflictException({ message: "", $metadata: {} });
    const directory = await aDirectory(25, puttingBadly(conflict));
    expect(await walked(directory, 10)).toEqual(await everyone(directory));
  });

  test("since the right is missing is an error", async () => {
    const directory = await aDirectory(
      25,
      puttingBadly(() => fault("AccessDeniedException")),
    );
    await expect(aWalk(directory, 10).step()).rejects.toThrow("AccessDeniedException");
    // Where everything fits into one page there is nothing to write.
    await aWalk(directory, 25).toEnd();
  });

  test("whose answer is lost counts once, so that the next walk is exact", async () => {
    const lost = () => Object.assign(new Error("no answer"), { name: "TimeoutError" });
    const directory = await aDirectory(30, puttingBadly(lost, true));
    await aWalk(directory, 10).toEnd();
    for (const id of directory.ids.slice(0, 5)) await directory.remove(id);
    expect(await walked(directory, 10)).toEqual(await everyone(directory));
  });
});

describe("who asks for a startIndex to which nobody walked", () => {
  test("gets just those who stand there", async () => {
    const { users, tenant, ids } = await aDirectory(40);
    for (const startIndex of [33, 7, 12, 40])
      expect(idsOf(await users.page(tenant, startIndex, 5))).toEqual(
        ids.slice(startIndex - 1, startIndex + 4),
      );
  });

  test("gets nothing behind the last, of which nothing is read", async () => {
    const { db, calls } = countingDb();
    const { users, tenant } = await aDirectory(10, { db });
    calls.length = 0;
    expect(await users.page(tenant, 11, 5)).toEqual({ totalResults: 10, resources: [] });
    expect(calls.length).toBeLessThanOrEqual(3);
  });

  test("is refused past the bound, and told what to do; a walk gets there", async () => {
    // As if each resource were so large that one read counts no more than one.
    const db = testDb();
    db.middlewareStack.add(
      (next) => async (args) => {
        const { input } = args as { input: { Select?: string; Limit?: number } };
        return next(input.Select === "COUNT" ? { ...args, input: { ...input, Limit: 1 } } : args);
      },
      { step: "initialize", name: "large", priority: "low" },
    );
    const directory = await aDirectory(260, { db });
    const { users, tenant, ids } = directory;
    expect(idsOf(await users.page(tenant, 201, 20))).toEqual(ids.slice(200, 220));
    await expect(users.page(tenant, 202, 30)).rejects.toMatchObject({
      status: 400,
      scimType: "tooMany",
      detail: expect.stringContaining("cursor"),
    });
    expect(await walked(directory, 30)).toEqual(await everyone(directory));
    expect(idsOf(await users.page(tenant, 211, 30))).toEqual(ids.slice(210, 240));
  });
});

describe("over several types, one behind the other", () => {
  const ask = (directory: Directory, startIndex: number, show?: Show) => {
    const filtering = (type: ResourceType) => ({
      filter: undefined,
      type,
      view: (stored: Stored) => stored.resource,
      mostExamined: 100,
    });
    const sources = [
      { reader: directory.users, filtering: filtering(userType) },
      { reader: groupStore(directory.table), filtering: filtering(groupType) },
    ];
    const query = readListQuery(
      new Map([
        ["count", "10"],
        ["startindex", String(startIndex)],
      ]),
    );
    const all: Show = async (stored) => stored.map(({ id }) => ({ id }));
    return querySources(sources, directory.tenant, query, new Date()).then((page) =>
      showPage(page, show ?? all),
    );
  };

  const someGroups = async ({ table, tenant }: Directory, size: number) => {
    const ids: string[] = [];
    for (let at = 0; at < size; at++) {
      const made = await groupStore(table).create(tenant, aGroup(`g${at}`), [], defaultRules);
      ids.push(made.group.id);
    }
    return ids.toSorted();
  };

  async function walk(directory: Directory, between: (page: number) => unknown, show?: Show) {
    const seen: unknown[] = [];
    for (let pages = 0, at = 1; ; pages++) {
      if (pages > 100) throw new Error("The walk does not end.");
      const { resources, totalResults = 0 } = await ask(directory, at, show);
      seen.push(...resources.map(({ id }) => id));
      at += resources.length;
      if (resources.length === 0 || at > totalResults) return seen;
      await between(pages);
    }
  }

  test("a walk sees all who stay, though those are deleted by whom it came past", async () => {
    const directory = await aDirectory(15);
    const groups = await someGroups(directory, 18);
    const seen = await walk(directory, (page) => directory.remove(directory.ids[page * 2]));
    expect(seen).toEqual([...directory.ids, ...groups]);
    const again = await walk(directory, () => undefined);
    expect(again).toEqual([...directory.ids.filter((_, at) => ![0, 2, 4].includes(at)), ...groups]);
  });

  test("a page of which not all fits into the answer is gone on with just behind what was shown", async () => {
    const directory = await aDirectory(15);
    const groups = await someGroups(directory, 18);
    // Three of a type at most, as where groups have many members.
    const show: Show = async (stored) => stored.slice(0, 3).map(({ id }) => ({ id }));
    const gone: string[] = [];
    const remove = (page: number) => {
      gone.push(...directory.ids.slice(page, page + 1));
      return directory.remove(directory.ids[page]);
    };
    const seen = await walk(directory, remove, show);
    expect(seen).toEqual([...directory.ids, ...groups]);
    expect(await walk(directory, () => undefined, show)).toEqual([
      ...directory.ids.filter((id) => !gone.includes(id)),
      ...groups,
    ]);
  });
});
