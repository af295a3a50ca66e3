import { beforeAll, describe, expect, test } from "@jest/globals";
import * as fc from "fast-check";
import { cursorTimeoutSeconds } from "../../../lambdas/scim/cursor.ts";
import { parseFilter } from "../../../lambdas/scim/filter/parse.ts";
import type { JsonObject } from "../../../lambdas/scim/json.ts";
import { readListQuery } from "../../../lambdas/scim/list-query.ts";
import { userType } from "../../../lambdas/scim/resource-types.ts";
import { represent } from "../../../lambdas/scim/stored.ts";
import { userStore } from "../../../lambdas/store/dynamodb/users.ts";
import { showPage } from "../../../lambdas/store/query/show-page.ts";
import { type QueryPage, queryResources } from "../../../lambdas/store/query.ts";
import { aTenant, aUser, countingDb, defaultRules, testTable } from "../../support/store.ts";

const now = new Date("2026-06-01T08:00:00Z");

interface Asked {
  readonly filter?: string;
  readonly sortBy?: string;
  readonly sortOrder?: string;
  readonly count?: string;
}

function aDirectory({ mostExamined = 20_000 } = {}) {
  const { db, calls } = countingDb();
  const users = userStore(testTable({ db }));
  const tenant = aTenant();
  const create = async (over: JsonObject = {}) =>
    (await users.create(tenant, aUser(over), defaultRules)).id;
  const remove = async (id: string) => {
    const user = await users.get(tenant, id);
    if (user) await users.delete(tenant, user, defaultRules);
  };
  const page = (asked: Asked, cursor = "", { at = now, of = tenant } = {}) => {
    const query = Object.entries({ ...asked, cursor });
    const filtering = {
      filter: asked.filter === undefined ? undefined : parseFilter(asked.filter),
      type: userType,
      view: (stored: Parameters<typeof represent>[0]) => represent(stored, userType, ""),
      mostExamined,
    };
    const named = new Map(query.map(([name, value]) => [name.toLowerCase(), value]));
    return queryResources(users, of, readListQuery(named), filtering, at);
  };
  /** All pages that follow a cursor on one way, with something done between any two. */
  const walk = async (
    asked: Asked,
    { way = "nextCursor", from = "", between = async () => {} }: WalkOptions = {},
  ) => {
    const pages: QueryPage[] = [];
    for (let cursor: string | undefined = from; cursor !== undefined; ) {
      const read: QueryPage = await page(asked, cursor);
      pages.push(read);
      cursor = read[way];
      await between();
    }
    return pages;
  };
  return { tenant, calls, create, remove, page, walk };
}

interface WalkOptions {
  readonly way?: "nextCursor" | "previousCursor";
  readonly from?: string;
  readonly between?: () => Promise<void>;
}

const idsOf = (pages: readonly QueryPage[]) =>
  pages.flatMap(({ resources }) => resources.map(({ id }) => id));

describe("in a directory of 500 users", () => {
  const directory = aDirectory({ mostExamined: 60 });
  let ids: readonly string[] = [];
  beforeAll(async () => {
    const created: string[] = [];
    for (let at = 0; at < 500; at += 25) {
      const some = Array.from({ length: 25 }, (_, one) =>
        directory.create({ title: String((at + one) % 7), active: (at + one) % 10 === 0 }),
      );
      created.push(...(await Promise.all(some)));
    }
    ids = created.toSorted();
  });

  test("pages of 37 lead to everyone forward and back, with the exact total on each", async () => {
    const forth = await directory.walk({ count: "37" });
    expect(idsOf(forth)).toEqual(ids);
    expect(forth.map(({ resources }) => resources.length)).toEqual([...Array(13).fill(37), 19]);
    expect(new Set(forth.map(({ totalResults }) => totalResults))).toEqual(new Set([500]));
    expect(forth.map(({ previousCursor }) => previousCursor === undefined).indexOf(true)).toBe(0);

    const from = forth.at(-1)?.previousCursor ?? "none";
    const back = await directory.walk({ count: "37" }, { way: "previousCursor", from });
    expect(idsOf(back.toReversed())).toEqual(ids.slice(0, 481));
    expect(idsOf(back.slice(0, 1))).toEqual(ids.slice(444, 481));
    expect(back.every(({ nextCursor }) => nextCursor !== undefined)).toBe(true);
  });

  test("a page costs the same at the start and at the end, one way and the other", async () => {
    const costs: (readonly string[])[] = [];
    const between = async () => void costs.push(directory.calls.splice(0));
    directory.calls.length = 0;
    const forth = await directory.walk({ count: "37" }, { between });
    const from = forth.at(-1)?.previousCursor ?? "none";
    await directory.walk({ count: "37" }, { way: "previousCursor", from, between });
    expect(costs).toHaveLength(27);
    for (const cost of costs) expect(cost).toEqual(["Query", "Query"]);
  });

  test("a filter that no index answers is walked in bounded pages, where by index it is refused", async () => {
    const filter = 'title eq "3"';
    const forth = await directory.walk({ filter, count: "5" });
    const all = (await directory.walk({ count: "200" })).flatMap(({ resources }) => resources);
    const expected = all.filter(({ resource }) => resource.title === "3").map(({ id }) => id);
    expect(idsOf(forth)).toEqual(expected);
    expect(forth.every(({ totalResults }) => totalResults === undefined)).toBe(true);

    const from = forth.at(-1)?.previousCursor ?? "none";
    const back = await directory.walk({ filter, count: "5" }, { way: "previousCursor", from });
    expect([...idsOf(back.toReversed()), ...idsOf(forth.slice(-1))]).toEqual(expected);
  });

  test("a filter that nobody matches has empty pages, and an end", async () => {
    const forth = await directory.walk({ filter: 'title eq "none"' });
    expect(idsOf(forth)).toEqual([]);
    expect(forth).toHaveLength(9);
    const from = forth.at(-1)?.previousCursor ?? "none";
    const back = await directory.walk(
      { filter: 'title eq "none"' },
      { way: "previousCursor", from },
    );
    expect(idsOf(back)).toEqual([]);
  });

  test("what would have to be sorted past the bound is refused, and says why", async () => {
    await expect(directory.page({ sortBy: "title" })).rejects.toMatchObject({
      scimType: "tooMany",
      detail: expect.stringContaining("sortBy"),
    });
  });
});

test.each<[Asked, number | undefined]>([
  [{}, 9],
  [{ sortBy: "title", sortOrder: "descending" }, 9],
  [{ filter: 'title eq "a"' }, 3],
  [{ filter: 'title eq "a"', count: "2" }, undefined],
  [{ filter: 'title eq "a"', sortBy: "userName", count: "1" }, 3],
  [{ filter: 'emails.value eq "shared@example.com"', count: "2" }, 3],
  [{ filter: 'meta.resourceType eq "User"', count: "2" }, 9],
  [{ filter: 'meta.resourceType eq "Group"' }, 0],
  [{ filter: 'title eq "a"', count: "0" }, 3],
])("the first page by %j tells of %p in all", async (asked, total) => {
  const { create, page } = aDirectory();
  const emails = [{ value: "shared@example.com" }];
  for (const title of ["a", "b", "c", "a", "b", "c", "a", "b", "c"])
    await create({ title, ...(title === "b" ? { emails } : {}) });
  const { totalResults, startIndex } = await page(asked);
  expect({ totalResults, startIndex }).toEqual({ totalResults: total, startIndex: undefined });
});

test("a count of 0 tells the total and leaves the client where it is", async () => {
  const { create, page } = aDirectory();
  const ids = [await create(), await create()];
  const { nextCursor } = await page({ count: "1" });
  const none = await page({ count: "0" }, nextCursor);
  expect(none).toMatchObject({ totalResults: 2, resources: [] });
  expect(idsOf([await page({ count: "1" }, none.nextCursor)])).toEqual(ids.slice(1));
});

test("a page is found although the resource at its boundary is gone, with all on either side", async () => {
  const { create, remove, page } = aDirectory();
  const ids: string[] = [];
  for (let at = 0; at < 6; at++) ids.push(await create());
  const first = await page({ count: "3" });
  await remove(ids[2] ?? "");
  const second = await page({ count: "3" }, first.nextCursor);
  expect(idsOf([second])).toEqual(ids.slice(3));
  expect(second.nextCursor).toBeUndefined();

  for (const id of ids.slice(3)) await remove(id);
  const empty = await page({ count: "3" }, first.nextCursor);
  expect(empty).toMatchObject({ resources: [], nextCursor: undefined });
  const back = await page({ count: "3" }, empty.previousCursor);
  expect(idsOf([back])).toEqual(ids.slice(0, 2));

  for (const id of ids.slice(0, 2)) await remove(id);
  const late = await create();
  const before = await page({ count: "3" }, second.previousCursor);
  expect(before).toMatchObject({ resources: [], previousCursor: undefined });
  expect(idsOf([await page({ count: "3" }, before.nextCursor)])).toEqual([late]);
});

test("an empty page in the midst leads to what lies before and behind it", async () => {
  const { create, page, walk } = aDirectory({ mostExamined: 3 });
  for (const title of ["first", "", "", "", "", "", "", "last"])
    await create(title === "" ? {} : { title });
  const asked = { filter: "title pr" };
  const titlesOf = ({ resources }: QueryPage) => resources.map(({ resource }) => resource.title);

  const first = await page(asked);
  const empty = await page(asked, first.nextCursor);
  const last = await page(asked, empty.nextCursor);
  expect([first, empty, last].map(titlesOf)).toEqual([["first"], [], ["last"]]);
  const seen = async (way: "nextCursor" | "previousCursor", from: QueryPage) =>
    (await walk(asked, { way, from: from[way] ?? "none" })).flatMap(titlesOf);
  expect(await seen("previousCursor", empty)).toEqual(["first"]);

  const backward = await page(asked, last.previousCursor);
  expect(titlesOf(backward)).toEqual([]);
  expect(await seen("nextCursor", backward)).toEqual(["last"]);
  expect(await seen("previousCursor", backward)).toEqual(["first"]);
});

test("a page ends where it would be too large for an answer, and the next goes on from there", async () => {
  const { create, walk } = aDirectory();
  const title = "x".repeat(190_000);
  await Promise.all(Array.from({ length: 20 }, () => create({ title })));
  for (const asked of [{}, { filter: "title pr" }, { sortBy: "userName", count: "15" }]) {
    const pages = await walk(asked);
    expect(pages.map(({ resources }) => resources.length)).toEqual([13, 7]);
    expect(new Set(idsOf(pages)).size).toBe(20);
  }
});

test("a page that could not get on is refused", async () => {
  const { create, page } = aDirectory({ mostExamined: 0 });
  await create();
  await expect(page({ filter: "title pr" })).rejects.toMatchObject({ scimType: "tooMany" });
});

describe("a cursor", () => {
  const directory = aDirectory();
  beforeAll(async () => {
    for (const title of ["a", "b", "c"]) await directory.create({ title });
  });
  const asked = { filter: "title pr", sortBy: "title", count: "1" };

  test.each<[string, Asked]>([
    ["names in another case", { ...asked, filter: "TITLE pr", sortBy: "Title" }],
    ["another count", { ...asked, count: "2" }],
  ])("is good for the same query with %s", async (_, other) => {
    const { nextCursor } = await directory.page(asked);
    const { resources } = await directory.page(other, nextCursor);
    expect(resources[0]?.resource.title).toBe("b");
  });

  test.each<[string, Asked]>([
    ["another filter", { ...asked, filter: "title pr or userName pr" }],
    ["no filter", { sortBy: "title", count: "1" }],
    ["another order", { ...asked, sortOrder: "descending" }],
    ["another sortBy", { ...asked, sortBy: "userName" }],
    ["no sortBy", { filter: "title pr", count: "1" }],
  ])("is refused with %s", async (_, other) => {
    const { nextCursor } = await directory.page(asked);
    await expect(directory.page(other, nextCursor)).rejects.toMatchObject({
      status: 400,
      scimType: "invalidCursor",
    });
  });

  test("of one tenant is refused to another", async () => {
    const { nextCursor } = await directory.page(asked);
    const other = directory.page(asked, nextCursor, { of: aTenant() });
    await expect(other).rejects.toMatchObject({ status: 400, scimType: "invalidCursor" });
  });

  test("that is tampered with is refused", async () => {
    const { nextCursor = "" } = await directory.page(asked);
    const tampered = nextCursor.replace(/[a-y]/, (letter) => (letter === "a" ? "b" : "a"));
    await expect(directory.page(asked, tampered)).rejects.toMatchObject({
      scimType: "invalidCursor",
    });
  });

  test("expires, and until then does not", async () => {
    const { nextCursor } = await directory.page(asked);
    const at = (seconds: number) => ({ at: new Date(now.getTime() + seconds * 1000) });
    await directory.page(asked, nextCursor, at(cursorTimeoutSeconds));
    const late = directory.page(asked, nextCursor, at(cursorTimeoutSeconds + 1));
    await expect(late).rejects.toMatchObject({ status: 400, scimType: "expiredCursor" });
  });
});

test("where less fits into an answer than a page holds, the walk misses nobody, one way and the other", async () => {
  const { create, walk, page } = aDirectory();
  const ids: string[] = [];
  for (let at = 0; at < 12; at++) ids.push(await create());
  const twoAtMost = async (pages: readonly QueryPage[]) => {
    const shown: (readonly string[])[] = [];
    let one: QueryPage | undefined = pages[0];
    const way = one?.isBackward ? "previousCursor" : "nextCursor";
    while (one) {
      const answer = await showPage(one, async (stored) =>
        stored.slice(0, 2).map(({ id }) => ({ id })),
      );
      shown.push(answer.resources.map(({ id }) => String(id)));
      one = answer[way] === undefined ? undefined : await page({ count: "5" }, answer[way]);
    }
    return way === "nextCursor" ? shown.flat() : shown.toReversed().flat();
  };
  expect(await twoAtMost([await page({ count: "5" })])).toEqual(ids);

  const last = (await walk({ count: "5" })).at(-1);
  expect(await twoAtMost([await page({ count: "5" }, last?.previousCursor)])).toEqual(
    ids.slice(0, 10),
  );
});

const queries: readonly Asked[] = [
  {},
  { filter: 'title ne "b"' },
  { sortBy: "title" },
  { sortBy: "title", sortOrder: "descending" },
  { filter: 'title ne "b"', sortBy: "userName" },
];

test("a walk through creates and deletes sees everyone who stays once, forward and back", async () => {
  const someone = fc.constantFrom<JsonObject[]>({}, { title: "a" }, { title: "b" }, { title: "C" });
  const change = fc.oneof(
    fc.record({ create: someone }),
    fc.record({ remove: fc.nat() }),
    fc.constant({}),
  );
  const situation = fc.record({
    asked: fc.constantFrom(...queries),
    count: fc.integer({ min: 1, max: 4 }).map(String),
    people: fc.array(someone, { minLength: 1, maxLength: 10 }),
    changes: fc.array(change, { maxLength: 10 }),
  });
  await fc.assert(
    fc.asyncProperty(situation, async ({ asked, count, people, changes }) => {
      // Pages of unsorted lists end at the bound; all that is sorted must be within it.
      const mostExamined = asked.sortBy === undefined ? 3 : 50;
      const { create, remove, walk } = aDirectory({ mostExamined });
      const there = new Set<string>();
      for (const person of people) there.add(await create(person));
      const begun = new Set(idsOf(await walk(asked)));
      const toDo = [...changes];
      const between = async () => {
        const next: { create?: JsonObject; remove?: number } = toDo.shift() ?? {};
        if (next.create) await create(next.create);
        const [id] = next.remove === undefined ? [] : [[...there][next.remove % there.size]];
        if (id === undefined) return;
        there.delete(id);
        await remove(id);
      };
      const seesOnce = (seen: readonly string[]) => {
        expect(new Set(seen).size).toBe(seen.length);
        expect([...begun].filter((id) => there.has(id) && !seen.includes(id))).toEqual([]);
      };

      const forth = await walk({ ...asked, count }, { between });
      seesOnce(idsOf(forth));
      const last = forth.at(-1);
      if (last?.previousCursor === undefined) return;
      toDo.push(...changes);
      const back = await walk(
        { ...asked, count },
        { way: "previousCursor", from: last.previousCursor, between },
      );
      seesOnce([...idsOf(back), ...idsOf([last])]);
    }),
    { numRuns: 15 },
  );
});
