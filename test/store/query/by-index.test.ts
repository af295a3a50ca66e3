import { beforeAll, describe, expect, test } from "@jest/globals";
import { parseFilter } from "../../../lambdas/scim/filter/parse.ts";
import type { JsonObject } from "../../../lambdas/scim/json.ts";
import { readListQuery } from "../../../lambdas/scim/list-query.ts";
import { userType } from "../../../lambdas/scim/resource-types.ts";
import { represent, type Stored } from "../../../lambdas/scim/stored.ts";
import { userStore } from "../../../lambdas/store/dynamodb/users.ts";
import { queryResources } from "../../../lambdas/store/query.ts";
import { aTenant, aUser, countingDb, defaultRules, testTable } from "../../support/store.ts";

const { db, calls } = countingDb();
const users = userStore(testTable({ db }));

function ask(tenant: string, query: Readonly<Record<string, string>>) {
  const filtering = {
    filter: query.filter === undefined ? undefined : parseFilter(query.filter),
    type: userType,
    view: (stored: Stored) => represent(stored, userType, ""),
    mostExamined: 50,
  };
  const named = Object.entries(query).map(([name, value]) => [name.toLowerCase(), value] as const);
  return queryResources(users, tenant, readListQuery(new Map(named)), filtering, new Date());
}

const create = (tenant: string, over: JsonObject) =>
  users.create(tenant, aUser(over), defaultRules);

describe("of six users", () => {
  const tenant = aTenant();
  beforeAll(async () => {
    const titles = ["b", "A", undefined, "c", "a", undefined];
    for (const [at, title] of titles.entries())
      await create(tenant, { userName: `u${at}`, ...(title ? { title } : {}) });
  });

  test.each([
    [{ sortBy: "title" }, "u1 u4 u0 u3 u2 u5", 6],
    [{ sortBy: "TITLE", sortOrder: "Descending" }, "u2 u5 u3 u0 u1 u4", 6],
    [{ sortBy: "title", startIndex: "2", count: "3" }, "u4 u0 u3", 6],
    [{ sortBy: "title", startIndex: "6", count: "3" }, "u5", 6],
    [{ sortBy: "title", startIndex: "7" }, "", 6],
    [{ sortBy: "title", count: "0" }, "", 6],
    [{ sortBy: "title", filter: "title pr", count: "2" }, "u1 u4", 4],
    [{ sortBy: "meta.created", sortOrder: "descending", count: "2" }, "u5 u4", 6],
    [{ sortBy: "id", sortOrder: "descending", count: "2" }, "u5 u4", 6],
    [{ sortOrder: "descending" }, "u0 u1 u2 u3 u4 u5", 6],
  ])("%j finds %p, of %i in all", async (query, found, total) => {
    const page = await ask(tenant, query);
    expect(page.resources.map(({ resource }) => resource.userName).join(" ")).toBe(found);
    expect(page).toMatchObject({ totalResults: total, nextCursor: undefined });
  });

  test.each([
    [{ sortBy: "favouriteColour" }, "invalidValue", "favouriteColour"],
    [{ sortBy: "name" }, "invalidValue", "sub-attributes"],
    [{ sortBy: "password" }, "invalidValue", "password"],
    [{ filter: "favouriteColour pr" }, "invalidFilter", "favouriteColour"],
    [{ filter: 'userName eq "nobody" and favouriteColour pr' }, "invalidFilter", "favouriteColour"],
  ])("%j is refused as %s", async (query, scimType, part) => {
    const refusal = { status: 400, scimType, detail: expect.stringContaining(part) };
    await expect(ask(tenant, query)).rejects.toMatchObject(refusal);
    await expect(ask(aTenant(), query)).rejects.toMatchObject(refusal);
  });

  test("a filter that no user can satisfy, of whatever attributes, reads nothing", async () => {
    calls.length = 0;
    const filter = 'meta.resourceType eq "Group" and userName co "u"';
    expect(await ask(tenant, { filter })).toMatchObject({ totalResults: 0, startIndex: 1 });
    expect(calls).toEqual([]);
  });

  test("a filter that every user satisfies costs what a list without a filter does", async () => {
    const filter = 'meta.resourceType eq "User" and not (meta.resourceType eq "Group")';
    calls.length = 0;
    await ask(tenant, { count: "2" });
    const without = calls.splice(0);
    expect(await ask(tenant, { filter, count: "2" })).toMatchObject({ totalResults: 6 });
    expect(calls).toEqual(without);
    calls.length = 0;
    await ask(tenant, { filter });
    expect(calls).toEqual(["Query", "Query"]);
  });
});

test("a page of what a filter or an order finds ends where it would be too large for an answer", async () => {
  const tenant = aTenant();
  const title = "x".repeat(190_000);
  const large = Array.from({ length: 20 }, () => create(tenant, { title }));
  await Promise.all(large);
  for (const query of [{ filter: "title pr" }, { sortBy: "userName" }, {}]) {
    const { resources, totalResults } = await ask(tenant, query);
    expect(totalResults).toBe(20);
    expect(resources.length).toBe(13);
  }
});

test("where more than an index can answer share a value, all are read instead", async () => {
  const tenant = aTenant();
  const lone = { ...users, find: async () => undefined };
  await create(tenant, { userName: "one" });
  const filtering = {
    filter: parseFilter('userName eq "ONE"'),
    type: userType,
    view: (stored: Stored) => represent(stored, userType, ""),
    mostExamined: 50,
  };
  const page = await queryResources(lone, tenant, readListQuery(new Map()), filtering, new Date());
  expect(page.totalResults).toBe(1);
});
