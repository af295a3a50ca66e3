import { expect, test } from "@jest/globals";
import * as fc from "fast-check";
import type { Scope } from "../../lambdas/auth/scopes.ts";
import { readTenantSettings } from "../../lambdas/auth/tenant-settings.ts";
import { bulkRoutes } from "../../lambdas/bulk/routes.ts";
import type { Action, ScimReply, ScimRequest } from "../../lambdas/http/action.ts";
import { Conflict, invalidValue, notFound, ScimError } from "../../lambdas/scim/errors.ts";
import { isObject, type Json, type JsonObject } from "../../lambdas/scim/json.ts";
import { bulkRequestUrn, bulkResponseUrn } from "../../lambdas/scim/urns.ts";
import { handClock } from "../support/deployment.ts";

const baseUrl = "https://scim.example.com/scim/v2";

type Behaviour = (route: string, request: ScimRequest) => Promise<ScimReply> | ScimReply;

/** What a resource type answers when all goes well: the first creation is of id-1, the next of id-2. */
function answering(): Behaviour {
  let count = 0;
  return (route, { id }) => {
    if (route.startsWith("DELETE")) return { status: 204 };
    const own = route.startsWith("POST") ? `id-${++count}` : id;
    const location = `${baseUrl}/Groups/${own}`;
    const headers = { Location: location, ETag: `W/"${route.startsWith("POST") ? 1 : 2}"` };
    return { status: route.startsWith("POST") ? 201 : 200, body: { id: own }, headers };
  };
}

/** Bulk before actions that note what reaches them, and do as `behave` says. */
function aBulk(behave: Behaviour = answering(), scopes: readonly Scope[] = ["groups:write"]) {
  const clock = handClock();
  const reached: { readonly route: string; readonly request: ScimRequest }[] = [];
  const reported: unknown[] = [];
  const routes = ["GET /Groups/{id}", "POST /Groups", "PUT /Groups/{id}", "PATCH /Groups/{id}"];
  const others = ["DELETE /Groups/{id}", "POST /Groups/.search", "POST /.search", "POST /Me"];
  const actions = [...routes, ...others].map((route): [string, Action] => [
    route,
    {
      scope: "groups:write",
      run: async (request) => {
        reached.push({ route, request });
        return behave(route, request);
      },
    },
  ]);
  const patience = {
    now: clock.now,
    random: () => 0.5,
    sleep: async (milliseconds: number) => clock.pass(milliseconds),
  };
  const route = bulkRoutes({
    actions: Object.fromEntries(actions),
    patience,
    report: (error, requestId) => reported.push({ error, requestId }),
  })["POST /Bulk"];

  const settings = readTenantSettings({});
  const run = (body: Json) =>
    route.run({
      requestId: "request-1",
      receivedAt: new Date("2026-06-01T08:00:00Z"),
      principal: { tenant: "t", credential: { kind: "token", id: "k" }, scopes, settings },
      id: "",
      query: new Map(),
      body,
      preconditions: {},
      baseUrl,
    });
  const send = async (operations: readonly Json[], failOnErrors?: number) => {
    const { status, body } = await run({
      schemas: [bulkRequestUrn],
      ...(failOnErrors === undefined ? {} : { failOnErrors }),
      Operations: operations,
    });
    expect({ status, schemas: body?.schemas }).toEqual({ status: 200, schemas: [bulkResponseUrn] });
    return body?.Operations as readonly JsonObject[];
  };
  return { send, run, reached, reported, clock };
}

const members = (bulkIds: readonly string[]) => bulkIds.map((id) => ({ value: `bulkId:${id}` }));

const post = (bulkId: string, ...needs: string[]) => ({
  method: "POST",
  path: "/Groups",
  bulkId,
  data: { displayName: bulkId, members: members(needs) },
});

const patch = (id: string, data: JsonObject = {}) => ({
  method: "PATCH",
  path: `/Groups/${id}`,
  data,
});

const error = (status: number, detail: RegExp) => ({
  status: `${status}`,
  response: { status: `${status}`, detail: expect.stringMatching(detail) },
});

/** Fails for the groups that are named so, and for what has their id. */
const failingFor = (name: string, refusal: Error = invalidValue("No.")): Behaviour => {
  const otherwise = answering();
  return (route, request) => {
    const { body, id } = request;
    if (id === name || (isObject(body) && body.displayName === name)) throw refusal;
    return otherwise(route, request);
  };
};

test("each operation is answered by its own route, and told where it stands in the request", async () => {
  const { send, reached } = aBulk();
  const put = { method: "put", path: "/Groups/1", version: 'W/"7"', bulkId: "own", data: { x: 1 } };
  const remove = { method: "DELETE", path: "/Groups/a%20b", data: { ignored: true } };
  expect(await send([put, patch("2"), post("new"), remove])).toEqual([
    {
      method: "PUT",
      bulkId: "own",
      location: `${baseUrl}/Groups/1`,
      version: 'W/"2"',
      status: "200",
    },
    { method: "PATCH", location: `${baseUrl}/Groups/2`, version: 'W/"2"', status: "200" },
    {
      method: "POST",
      bulkId: "new",
      location: `${baseUrl}/Groups/id-1`,
      version: 'W/"1"',
      status: "201",
    },
    { method: "DELETE", location: `${baseUrl}/Groups/a%20b`, status: "204" },
  ]);
  const seen = reached.map(({ route, request }) => [route, request.id, request.body]);
  expect(seen).toEqual([
    ["PUT /Groups/{id}", "1", { x: 1 }],
    ["PATCH /Groups/{id}", "2", {}],
    ["POST /Groups", "", { displayName: "new", members: [] }],
    ["DELETE /Groups/{id}", "a b", undefined],
  ]);
});

test("a version is the condition of its operation, but not of a creation", async () => {
  const { send, reached } = aBulk();
  const version = 'W/"3"';
  await send([{ ...patch("1"), version }, patch("2"), { ...post("a"), version }]);
  expect(reached.map(({ request }) => request.preconditions)).toEqual([
    { ifMatch: version },
    { ifMatch: undefined },
    {},
  ]);
});

test("location and version are taken from a resource's meta where there are no headers", async () => {
  const meta = { location: "https://elsewhere/1", version: 'W/"5"' };
  const { send } = aBulk(() => ({ status: 201, body: { id: "1", meta } }));
  expect(await send([post("a")])).toMatchObject([meta]);
});

test("results come in the request's order, whatever was done first", async () => {
  const { send, reached } = aBulk();
  const results = await send([post("a", "b"), patch("1"), post("b")]);
  expect(results.map(({ bulkId }) => bulkId)).toEqual(["a", undefined, "b"]);
  expect(reached.map(({ request }) => request.body)).toMatchObject([
    { displayName: "b" },
    { displayName: "a", members: [{ value: "id-1" }] },
    {},
  ]);
});

test("groups that refer to each other are created, and the first is then completed on condition that it is as it was", async () => {
  const { send, reached } = aBulk();
  expect(await send([post("a", "b"), post("b", "a")])).toEqual([
    {
      method: "POST",
      bulkId: "a",
      location: `${baseUrl}/Groups/id-2`,
      version: 'W/"1"',
      status: "201",
    },
    {
      method: "POST",
      bulkId: "b",
      location: `${baseUrl}/Groups/id-1`,
      version: 'W/"2"',
      status: "201",
    },
  ]);
  expect(reached).toMatchObject([
    { route: "POST /Groups", request: { body: { displayName: "b", members: [] } } },
    {
      route: "POST /Groups",
      request: { body: { displayName: "a", members: [{ value: "id-1" }] } },
    },
    {
      route: "PUT /Groups/{id}",
      request: {
        id: "id-1",
        body: { displayName: "b", members: [{ value: "id-2" }] },
        preconditions: { ifMatch: 'W/"1"' },
      },
    },
  ]);
});

test.each<{ because: string; behave: Behaviour; detail: RegExp }>`
  because                        | behave                                            | detail
  ${"it is refused"}             | ${failingFor("id-1", new ScimError(412, "Old."))} | ${/created, but without what refers to "bulkId:a": Old\./}
  ${"something unexpected ends"} | ${failingFor("id-1", new Error("boom"))}          | ${/created, but without .*name request request-1/}
  ${"the other is not created"}  | ${failingFor("a")}                                | ${/created, but without .*"bulkId:a", and that operation failed/}
`(
  "where a circle cannot be completed since $because, the client is told what there is",
  async ({ behave, detail }) => {
    const { send } = aBulk(behave);
    const [, second] = await send([post("a", "b"), post("b", "a")]);
    expect(second).toMatchObject({
      location: `${baseUrl}/Groups/id-1`,
      version: 'W/"1"',
      response: { detail: expect.stringMatching(detail) },
    });
  },
);

test("where a circle's first cannot be created without the others, the client is told that this was tried", async () => {
  const { send } = aBulk(failingFor("b", invalidValue("members is required.")));
  const [first, second] = await send([post("a", "b"), post("b", "a")]);
  expect(first).toMatchObject(error(409, /"bulkId:b", and that operation failed/));
  expect(second).toMatchObject(error(400, /members is required\. It was tried without/));
  expect(second).not.toHaveProperty("location");
});

test("what depends on a failed operation fails with its name, and so does what depends on that", async () => {
  const { send, reached } = aBulk(failingFor("a"));
  const results = await send([post("a"), post("b", "a"), patch("bulkId:b"), patch("1")]);
  expect(results).toMatchObject([
    error(400, /No\./),
    error(409, /"bulkId:a"/),
    error(409, /"bulkId:b"/),
    { status: "200" },
  ]);
  expect(results[2]).not.toHaveProperty("location");
  expect(reached).toHaveLength(2);
});

test("a failed operation has a location, unless it was to create something", async () => {
  const { send } = aBulk(() => {
    throw notFound("Group", "x");
  });
  const results = await send([post("a"), patch("1"), { method: "PUT", path: "/Groups/2" }]);
  const locations = results.map(({ location }) => location);
  expect(locations).toEqual([undefined, `${baseUrl}/Groups/1`, `${baseUrl}/Groups/2`]);
});

test.each([
  [1, 1],
  [2, 4],
  [3, 5],
])("after %i failures nothing more is begun or answered", async (failOnErrors, answered) => {
  const { send, reached } = aBulk(failingFor("bad"));
  const operations = [patch("bad"), patch("1"), patch("2"), { method: "GET" }, patch("bad")];
  const results = await send([...operations, patch("3")], failOnErrors);
  expect(results).toHaveLength(answered);
  expect(reached.map(({ request }) => request.id)).not.toContain("3");
});

test("what failOnErrors leaves incomplete is answered as such", async () => {
  const { send } = aBulk(failingFor("a"));
  const results = await send([post("a", "b"), post("b", "a"), patch("1")], 1);
  expect(results).toMatchObject([
    error(400, /No\./),
    { location: `${baseUrl}/Groups/id-1`, ...error(409, /created, but without .*failOnErrors/) },
  ]);
});

test.each([
  "/Users",
  "/Bulk",
  "/.search",
  "/Me",
  "/Groups/.search",
  "/Groups/1",
  "/Groups?x=y",
  "/",
])("nothing can be posted to %s", async (path) => {
  const { send, reached } = aBulk();
  expect(await send([{ ...post("a"), path }, patch("1")])).toMatchObject([
    error(404, /in bulk requests/),
    { status: "200" },
  ]);
  expect(reached).toHaveLength(1);
});

test("each operation needs the scope of its own route", async () => {
  const { send, reached } = aBulk(answering(), ["users:write"]);
  expect(await send([post("a"), patch("1")])).toMatchObject([
    error(403, /lacks the scope "groups:write"/),
    error(403, /lacks the scope "groups:write"/),
  ]);
  expect(reached).toEqual([]);
});

test("an operation that meets another writer is started anew, and given up within the request's time", async () => {
  let conflicts = 0;
  const { send, clock } = aBulk((_, { id }) => {
    if (id === "0") clock.pass(19_999);
    if (id !== "1" && id !== "2") return { status: 204 };
    clock.pass(id === "2" ? 1500 : 0);
    if (conflicts++ < 3 || id === "2") throw new Conflict();
    return { status: 204 };
  });
  expect(await send([patch("1")])).toMatchObject([{ status: "204" }]);

  const begun = clock.now();
  expect(await send([patch("0"), patch("2")])).toMatchObject([
    { status: "204" },
    { status: "503" },
  ]);
  expect(clock.now() - begun).toBeLessThan(26_000);
});

test("what the time of the request does not suffice for is not begun, and answered 503", async () => {
  const behave = answering();
  const { send, reached, clock } = aBulk((route, request) => {
    clock.pass(10_000);
    return behave(route, request);
  });
  const operations = [post("a", "b"), post("b", "a"), patch("1"), patch("bulkId:a")];
  expect(await send(operations)).toMatchObject([
    { status: "201" },
    {
      ...error(503, /created, but without .*No time was left/),
      location: `${baseUrl}/Groups/id-1`,
    },
    error(503, /^No time was left/),
    error(503, /^No time was left/),
  ]);
  expect(reached).toHaveLength(2);

  const results = await send([patch("1"), patch("2"), patch("3"), patch("4"), patch("5")], 2);
  expect(results.map(({ status }) => status)).toEqual(["200", "200", "503", "503"]);
});

test("of something unexpected the client learns the request's id, and the log the rest", async () => {
  const boom = new Error("at secret.ts:1");
  const { send, reported } = aBulk(failingFor("1", boom));
  const results = await send([patch("1"), patch("2")]);
  expect(results).toMatchObject([error(500, /name request request-1/), { status: "200" }]);
  expect(JSON.stringify(results)).not.toContain("secret");
  expect(reported).toEqual([{ error: boom, requestId: "request-1" }]);
});

test("a thousand operations, each needing the next, are answered within what one answer may hold", async () => {
  const { send } = aBulk();
  const chain = Array.from({ length: 1000 }, (_, at) =>
    post(`${at}`, ...(at < 999 ? [`${at + 1}`] : [])),
  );
  const results = await send(chain);
  expect(new Set(results.map(({ status }) => status))).toEqual(new Set(["201"]));

  const failing = await send([...chain.slice(0, 999), { ...chain[999], data: 1 }]);
  expect(failing.map(({ status }) => status)).toEqual([...Array(999).fill("409"), "400"]);
  expect(JSON.stringify(JSON.stringify(failing)).length).toBeLessThan(5_900_000);
});

test("whatever is sent is refused or answered operation by operation", async () => {
  const word = fc.constantFrom("a", "b", "__proto__", "bulkId:a", "bulkId:b", "bulkId:__proto__");
  const value = fc.oneof(word, fc.jsonValue(), fc.record({ value: word, $ref: word }));
  const path = fc.oneof(
    fc.constantFrom("/Groups", "/Groups/1", "/Groups/bulkId:a", "/Bulk", "/"),
    fc.string({ unit: "binary" }),
    value,
  );
  const method = fc.oneof(fc.constantFrom("POST", "put", "PATCH", "DELETE", "GET"), value);
  const data = fc.record(
    { members: fc.array(value), Operations: fc.array(fc.record({ path, value })), x: value },
    { requiredKeys: [] },
  );
  const parts = { method, path, bulkId: value, version: value, data: fc.oneof(data, value) };
  const operation = fc.oneof(fc.record(parts, { requiredKeys: [] }), fc.jsonValue());
  const body = fc.record(
    {
      schemas: fc.constant([bulkRequestUrn]),
      Operations: fc.oneof(
        { weight: 9, arbitrary: fc.array(operation) },
        { weight: 1, arbitrary: fc.jsonValue() },
      ),
      failOnErrors: fc.oneof(fc.nat(3), fc.constant(null)),
    },
    { requiredKeys: ["schemas"] },
  );
  await fc.assert(
    fc.asyncProperty(body, async (given) => {
      const { run, reported } = aBulk();
      try {
        const results = (await run(given as Json)).body?.Operations as readonly JsonObject[];
        for (const { status } of results) expect(status).toMatch(/^(20[014]|40[0349])$/);
      } catch (refusal) {
        if (!(refusal instanceof ScimError)) throw refusal;
      }
      expect(
        reported.filter((one) => !((one as { error: unknown }).error instanceof ScimError)),
      ).toEqual([]);
    }),
    { numRuns: 300 },
  );
});
