import { beforeAll, describe, expect, test } from "@jest/globals";
import type { Scope } from "../../lambdas/auth/scopes.ts";
import { readTenantSettings } from "../../lambdas/auth/tenant-settings.ts";
import { openDirectory, sourcesOf } from "../../lambdas/directory.ts";
import type { ScimRequest } from "../../lambdas/http/action.ts";
import { isArray, isObject, type JsonObject } from "../../lambdas/scim/json.ts";
import { standardTypes } from "../../lambdas/scim/resource-types.ts";
import { searchRequestUrn } from "../../lambdas/scim/urns.ts";
import { searchRoutes } from "../../lambdas/search/routes.ts";
import { aGroup, aTenant, aUser, countingDb, defaultRules, testTable } from "../support/store.ts";

const { db, calls } = countingDb();
const directory = openDirectory(testTable({ db }), standardTypes);
const users = directory.users.store;
const groups = directory.groups.store;
const baseUrl = "https://scim.example.com/scim/v2";

const { "GET /": listAll, "POST /.search": searchAll } = searchRoutes(sourcesOf(directory));

const aRequest = (
  tenant: string,
  given: Partial<ScimRequest>,
  scopes: readonly Scope[] = ["users:read", "groups:read"],
): ScimRequest => ({
  principal: {
    tenant,
    credential: { kind: "token", id: "t" },
    scopes,
    settings: readTenantSettings({}),
  },
  requestId: "request-1",
  id: "",
  query: new Map(),
  body: undefined,
  preconditions: { ifMatch: undefined, ifNoneMatch: undefined },
  baseUrl,
  receivedAt: new Date("2026-06-01T08:00:00Z"),
  ...given,
});

async function list(
  tenant: string,
  query: Readonly<Record<string, string>> = {},
  scopes?: readonly Scope[],
) {
  const named = Object.entries(query).map(([name, value]) => [name.toLowerCase(), value] as const);
  const { body } = await listAll.run(aRequest(tenant, { query: new Map(named) }, scopes));
  return { body: body ?? {}, names: namesIn(body) };
}

/** Users by their userName, groups by their displayName. */
function namesIn(body: JsonObject | undefined): string {
  const resources = body && isArray(body.Resources) ? body.Resources : [];
  return resources
    .filter(isObject)
    .map(({ userName, displayName }) => userName ?? displayName)
    .join(" ");
}

describe("a search over all types", () => {
  const tenant = aTenant();
  beforeAll(async () => {
    // One group's id is before those of the users, the other's behind them.
    await groups.create(tenant, aGroup("d"), [], defaultRules);
    for (const [at, displayName] of ["c", "a", "e"].entries())
      await users.create(
        tenant,
        aUser({ userName: `u${at}`, displayName, externalId: "x" }),
        defaultRules,
      );
    await groups.create(tenant, aGroup("b"), [], defaultRules);
  });

  test.each([
    [{}, "u0 u1 u2 d b", 5],
    [{ count: "2" }, "u0 u1", 5],
    [{ startIndex: "3", count: "2" }, "u2 d", 5],
    [{ startIndex: "5" }, "b", 5],
    [{ startIndex: "6" }, "", 5],
    [{ count: "0" }, "", 5],
    [{ filter: 'meta.resourceType eq "User"' }, "u0 u1 u2", 3],
    [{ filter: 'meta.resourceType eq "Group"', startIndex: "2" }, "b", 2],
    [{ filter: 'meta.resourceType eq "user"' }, "", 0],
    [{ filter: 'meta.resourceType eq "Group" and displayName eq "B"' }, "b", 1],
    [{ filter: 'meta.resourceType eq "User" or displayName eq "b"' }, "u0 u1 u2 b", 4],
    [{ filter: 'displayName eq "a"' }, "u1", 1],
    [{ filter: 'displayName ge "c"' }, "u0 u2 d", 3],
    [{ filter: 'userName eq "U1"' }, "u1", 1],
    [{ filter: "userName pr" }, "u0 u1 u2", 3],
    [{ filter: "not (userName pr)" }, "d b", 2],
    [{ filter: "members pr" }, "", 0],
    [{ filter: 'externalId eq "x" or members pr', startIndex: "2", count: "1" }, "u1", 3],
    [{ sortBy: "displayName" }, "u1 b u0 d u2", 5],
    [{ sortBy: "displayName", sortOrder: "descending", count: "2" }, "u2 d", 5],
    [{ sortBy: "userName" }, "u0 u1 u2 d b", 5],
    [{ sortBy: "userName", sortOrder: "descending" }, "d b u2 u1 u0", 5],
  ])("by %j finds %p, of %i in all", async (query, names, totalResults) => {
    const found = await list(tenant, query);
    expect(found).toMatchObject({ names, body: { totalResults } });
    const { startIndex, count, ...rest } = query as Record<string, string>;
    const body = {
      schemas: [searchRequestUrn],
      ...rest,
      ...(startIndex ? { startIndex: Number(startIndex) } : {}),
      ...(count ? { count: Number(count) } : {}),
    };
    const posted = await searchAll.run(aRequest(tenant, { body }));
    expect(posted).toMatchObject({ status: 200, body: found.body });
  });

  test.each([
    {},
    { sortBy: "displayName" },
    { sortBy: "userName", sortOrder: "descending" },
    { filter: "displayName pr" },
    { filter: 'externalId eq "x" or members pr or displayName sw "b"' },
  ])("by cursor and %j leads to the same, forward and back", async (query) => {
    const { names } = await list(tenant, query);
    const forth: string[] = [];
    let last = await list(tenant, { ...query, count: "2", cursor: "" });
    for (;;) {
      forth.push(last.names);
      if (last.body.nextCursor === undefined) break;
      last = await list(tenant, { ...query, count: "2", cursor: String(last.body.nextCursor) });
    }
    expect(forth.join(" ")).toBe(names);

    const back = [last.names];
    while (last.body.previousCursor !== undefined) {
      const cursor = String(last.body.previousCursor);
      last = await list(tenant, { ...query, count: "2", cursor });
      back.unshift(last.names);
    }
    expect(back.filter((page) => page !== "").join(" ")).toBe(names);
  });

  test.each([
    [{ filter: "favouriteColour pr" }, "invalidFilter"],
    [{ filter: "not (favouriteColour pr)" }, "invalidFilter"],
    [{ filter: 'meta.resourceType eq "User" and emails[colour eq "red"]' }, "invalidFilter"],
    [{ filter: "password pr" }, "invalidFilter"],
    [{ sortBy: "favouriteColour" }, "invalidValue"],
    [{ sortBy: "password" }, "invalidValue"],
    [{ cursor: "x" }, "invalidCursor"],
  ])("by %j is refused as %s", async (query, scimType) => {
    await expect(list(tenant, query)).rejects.toMatchObject({ status: 400, scimType });
  });

  test("shows of each resource what was asked for", async () => {
    const { body } = await list(tenant, { attributes: "userName", filter: 'displayName le "b"' });
    const [user, group] = isArray(body.Resources) ? body.Resources : [];
    expect(Object.keys(isObject(user) ? user : {})).toEqual(["schemas", "id", "userName"]);
    expect(Object.keys(isObject(group) ? group : {})).toEqual(["schemas", "id"]);
  });

  test("reads no type that its filter rules out", async () => {
    calls.length = 0;
    await list(tenant, { filter: 'userName eq "u1"' });
    // The claim, the user, and the groups that it is in.
    expect(calls).toEqual(["GetItem", "GetItem", "Query"]);
    calls.length = 0;
    await list(tenant, {
      filter: 'meta.resourceType eq "User"',
      excludedAttributes: "groups",
    });
    expect(calls).toEqual(["Query", "Query"]);
  });

  test("leaves out what the token may not see", async () => {
    expect((await list(tenant, {}, ["users:read"])).names).toBe("u0 u1 u2");
    expect((await list(tenant, {}, ["groups:read", "users:write"])).names).toBe("d b");
    // What the token may not see is still known to exist.
    expect((await list(tenant, { filter: "not (members pr)" }, ["users:read"])).names).toBe(
      "u0 u1 u2",
    );
    const { body } = await list(tenant, { cursor: "", count: "1" });
    const behindUsers = { cursor: String(body.nextCursor), count: "1" };
    await expect(list(tenant, behindUsers, ["groups:read"])).rejects.toMatchObject({
      scimType: "invalidCursor",
    });
    await expect(list(tenant, {}, ["users:write"])).rejects.toMatchObject({
      status: 403,
      detail: 'The token lacks the scope "users:read" or "groups:read"; issue one that has it.',
    });
  });

  test("finds nothing of another tenant", async () => {
    expect(await list(aTenant())).toMatchObject({ names: "", body: { totalResults: 0 } });
    const { body } = await list(tenant, { cursor: "", count: "1" });
    const stolen = list(aTenant(), { cursor: String(body.nextCursor), count: "1" });
    await expect(stolen).rejects.toMatchObject({ scimType: "invalidCursor" });
  });
});

test("where the users of a page do not fit into one answer, no groups take their place", async () => {
  const tenant = aTenant();
  const title = "x".repeat(190_000);
  const large = Array.from({ length: 15 }, () =>
    users.create(tenant, aUser({ title }), defaultRules),
  );
  await Promise.all([...large, groups.create(tenant, aGroup("g"), [], defaultRules)]);
  const first = await list(tenant);
  expect(first.body).toMatchObject({ totalResults: 16, itemsPerPage: 13 });
  const { names } = await list(tenant, { startIndex: "14" });
  expect(names.split(" ")).toHaveLength(3);
  expect(names.endsWith(" g")).toBe(true);
});
