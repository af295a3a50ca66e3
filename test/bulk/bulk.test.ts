import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { Scope } from "../../lambdas/auth/scopes.ts";
import { isObject, type Json, type JsonObject } from "../../lambdas/scim/json.ts";
import {
  bulkRequestUrn,
  enterpriseUserUrn,
  groupUrn,
  patchOpUrn,
  userUrn,
} from "../../lambdas/scim/urns.ts";
import { aService, type Service } from "../support/service.ts";
import { aUser } from "../support/store.ts";

let service: Service;
beforeAll(async () => {
  service = await aService();
});
afterAll(() => service.stop());

async function aClient(scopes?: readonly Scope[]) {
  const { token } = await service.tenant(scopes);
  const post = (body: Json) => service.send("POST /Bulk", { token, body });
  const get = async (type: "Users" | "Groups", id: string) =>
    (await service.send(`GET /${type}/{id}`, { token }, id)).body;
  return {
    post,
    get,
    bulk: async (...operations: Json[]) => {
      const { status, body } = await post({ schemas: [bulkRequestUrn], Operations: operations });
      expect(status).toBe(200);
      return body.Operations as readonly JsonObject[];
    },
    membersOf: async (id: string) => {
      const { members = [] } = await get("Groups", id);
      return (members as { value: string }[]).map(({ value }) => value).toSorted();
    },
    managerOf: async (id: string) => {
      const { [enterpriseUserUrn]: enterprise } = await get("Users", id);
      return isObject(enterprise) ? enterprise.manager : undefined;
    },
  };
}

const members = (values: readonly string[]) => values.map((value) => ({ value }));

const postUser = (bulkId: string, over: JsonObject = {}) => ({
  method: "POST",
  path: "/Users",
  bulkId,
  data: aUser(over),
});

const postGroup = (bulkId: string, ...values: string[]) => ({
  method: "POST",
  path: "/Groups",
  bulkId,
  data: { schemas: [groupUrn], displayName: `group ${bulkId}`, members: members(values) },
});

const patchGroup = (id: string, ...operations: JsonObject[]) => ({
  method: "PATCH",
  path: `/Groups/${id}`,
  data: { schemas: [patchOpUrn], Operations: operations },
});

const withManager = (value: string) => ({
  schemas: [userUrn, enterpriseUserUrn],
  [enterpriseUserUrn]: { manager: { value } },
});

const idsOf = (results: readonly JsonObject[]) =>
  results.map(({ location }) => `${location}`.split("/").at(-1) ?? "");

test("a group may be created before its members in the request", async () => {
  const { bulk, membersOf } = await aClient();
  const results = await bulk(postGroup("g", "bulkId:a", "bulkId:b"), postUser("a"), postUser("b"));
  expect(results.map(({ status }) => status)).toEqual(["201", "201", "201"]);
  const [group = "", ...users] = idsOf(results);
  expect(await membersOf(group)).toEqual(users.toSorted());
});

test("what was created may be changed, removed from a group and deleted in the same request", async () => {
  const { bulk, membersOf, get } = await aClient();
  const results = await bulk(
    postUser("a"),
    postUser("b"),
    postGroup("g", "bulkId:a", "bulkId:b"),
    patchGroup("bulkId:g", { op: "remove", path: 'members[value eq "bulkId:a"]' }),
    { method: "PUT", path: "/Users/bulkId:b", data: aUser({ title: "Chief" }) },
    { method: "DELETE", path: "/Users/bulkId:a" },
  );
  expect(results.map(({ status }) => status)).toEqual(["201", "201", "201", "204", "200", "204"]);
  const [a = "", b = "", group = "", patched, replaced, deleted] = idsOf(results);
  expect([patched, replaced, deleted]).toEqual([group, b, a]);
  expect(await membersOf(group)).toEqual([b]);
  expect(await get("Users", b)).toMatchObject({ title: "Chief" });
  expect(await get("Users", a)).toMatchObject({ status: "404" });
});

test("two groups may have each other as members, and three each the next", async () => {
  const { bulk, membersOf } = await aClient();
  const [a = "", b = ""] = idsOf(
    await bulk(postGroup("a", "bulkId:b"), postGroup("b", "bulkId:a")),
  );
  expect([await membersOf(a), await membersOf(b)]).toEqual([[b], [a]]);

  const circle = [
    postGroup("x", "bulkId:y"),
    postGroup("y", "bulkId:z"),
    postGroup("z", "bulkId:x"),
  ];
  const results = await bulk(...circle);
  expect(results.map(({ status }) => status)).toEqual(["201", "201", "201"]);
  const [x = "", y = "", z = ""] = idsOf(results);
  expect([await membersOf(x), await membersOf(y), await membersOf(z)]).toEqual([[y], [z], [x]]);
});

test("people may be each other's managers, and their own", async () => {
  const { bulk, managerOf } = await aClient();
  const results = await bulk(
    postUser("a", withManager("bulkId:b")),
    postUser("b", withManager("bulkId:a")),
    postUser("c", withManager("bulkId:c")),
  );
  expect(results.map(({ status }) => status)).toEqual(["201", "201", "201"]);
  const [a = "", b = "", c = ""] = idsOf(results);
  expect(await managerOf(a)).toMatchObject({ value: b });
  expect(await managerOf(b)).toMatchObject({ value: a });
  expect(await managerOf(c)).toMatchObject({ value: c });
});

test("another tenant's ids are answered 404, and nothing of it is changed", async () => {
  const [mine, other] = [await aClient(), await aClient()];
  const [user = "", group = ""] = idsOf(
    await other.bulk(postUser("u"), postGroup("g", "bulkId:u")),
  );
  const results = await mine.bulk(
    { method: "DELETE", path: `/Users/${user}` },
    { method: "PUT", path: `/Users/${user}`, data: aUser() },
    patchGroup(group, { op: "remove", path: "members" }),
  );
  expect(results.map(({ status }) => status)).toEqual(["404", "404", "404"]);
  expect(await other.get("Users", user)).toMatchObject({ id: user });
  expect(await other.membersOf(group)).toEqual([user]);
});

test("a token that may write users only writes no groups by Bulk", async () => {
  const { bulk } = await aClient(["users:write"]);
  expect(await bulk(postGroup("g"), postUser("u"))).toMatchObject([
    { status: "403", response: { detail: expect.stringContaining("groups:write") } },
    { status: "201" },
  ]);
});

test("a name that another has fails by itself", async () => {
  const { bulk } = await aClient();
  const same = { userName: "same@example.com" };
  expect(await bulk(postUser("a", same), postUser("b", same), postUser("c"))).toMatchObject([
    { status: "201" },
    { status: "409", response: { status: "409", scimType: "uniqueness" } },
    { status: "201" },
  ]);
});

test("a request beyond the limits is refused as a whole, with the limit's name", async () => {
  const { post } = await aClient();
  const operations = Array.from({ length: 1001 }, (_, at) => postUser(`${at}`));
  const many = await post({ schemas: [bulkRequestUrn], Operations: operations });
  expect(many).toMatchObject({ status: 413, body: { status: "413" } });
  expect(many.body.detail).toContain("maxOperations (1000)");

  const large = postUser("a", { title: "x".repeat(1_048_577) });
  const { status, body } = await post({ schemas: [bulkRequestUrn], Operations: [large] });
  expect({ status, detail: body.detail }).toEqual({
    status: 413,
    detail: expect.stringContaining("maxPayloadSize (1048576)"),
  });
});

test("a hundred users and the group that has them all come in one request", async () => {
  const { bulk, membersOf } = await aClient();
  const names = Array.from({ length: 100 }, (_, at) => `u${at}`);
  const users = names.map((name) => postUser(name));
  const [group = "", ...ids] = idsOf(
    await bulk(postGroup("g", ...names.map((name) => `bulkId:${name}`)), ...users),
  );
  expect(await membersOf(group)).toEqual(ids.toSorted());
});
