import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type Route, routes } from "../../lambdas/routes.ts";
import { groupUrn, userUrn } from "../../lambdas/scim/urns.ts";
import { aService, type Service } from "../support/service.ts";

const everyRoute: readonly Route[] = Object.values(routes).flat();

const byId = everyRoute.filter((route) => /(Users|Groups)\/\{id\}$/.test(route));

/** A body with which each method would do something, were it allowed to. */
const bodies: Readonly<Record<string, unknown>> = {
  "POST /Users": { schemas: [userUrn], userName: "x" },
  "PUT /Users/{id}": { schemas: [userUrn], userName: "x" },
  "POST /Groups": { schemas: [groupUrn], displayName: "x" },
  "PUT /Groups/{id}": { schemas: [groupUrn], displayName: "x" },
  "PATCH /Users/{id}": patch("displayName", "x"),
  "PATCH /Groups/{id}": patch("displayName", "x"),
};

function patch(path: string, value: unknown) {
  return {
    schemas: ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
    Operations: [{ op: "replace", path, value }],
  };
}

const nobody = "01890000-0000-7000-8000-000000000000";

let service: Service;
beforeAll(async () => {
  service = await aService();
});
afterAll(() => service.stop());

const isScimError = (status: number) => ({
  status,
  headers: { "Content-Type": "application/scim+json" },
  body: {
    schemas: ["urn:ietf:params:scim:api:messages:2.0:Error"],
    status: String(status),
    detail: expect.stringMatching(/\w+/),
  },
});

/** What a deployment can do is told to anyone (RFC 7644, section 4). */
const isPublic = (route: Route) => /(ServiceProviderConfig|ResourceTypes|Schemas)/.test(route);

describe.each(everyRoute.filter(isPublic))("%s", (route) => {
  test("needs no token", async () => {
    const { status } = await service.send(route, {}, "User");
    expect(route.includes("/Schemas/{id}") ? 404 : 200).toBe(status);
  });

  test("refuses a filter with 403 and ignores other parameters", async () => {
    const filtered = await service.send(route, { query: { filter: "id pr" } }, "User");
    expect(filtered).toMatchObject(isScimError(403));
    const query = { startIndex: "7", count: "0", attributes: "id" };
    const [asked, plain] = [
      await service.send(route, { query }, "User"),
      await service.send(route, {}, "User"),
    ];
    expect(asked.body).toEqual(plain.body);
  });
});

describe.each(everyRoute.filter((route) => !isPublic(route)))("%s", (route) => {
  test("with no token is answered 401", async () => {
    const answer = await service.send(route, { body: bodies[route] }, nobody);
    expect(answer).toMatchObject(isScimError(401));
    expect(answer.headers["WWW-Authenticate"]).toBe("Bearer");
  });
});

describe.each(everyRoute)("%s", (route) => {
  test.each([
    ["a token that is none of ours", { token: "secret" }],
    ["a token of another form", { headers: { Authorization: "Basic dXNlcjpwYXNz" } }],
    ["two tokens in one header", { headers: { Authorization: "Bearer a, Bearer b" } }],
  ])("with %s is answered 401", async (_, sent) => {
    const answer = await service.send(route, { ...sent, body: bodies[route] }, nobody);
    expect(answer).toMatchObject(isScimError(401));
    expect(answer.headers["WWW-Authenticate"]).toBe("Bearer");
  });

  test("with a token whose last character is mistyped is answered 401", async () => {
    const { token } = await service.tenant();
    const last = token.endsWith("A") ? "B" : "A";
    const answer = await service.send(route, { token: `${token.slice(0, -1)}${last}` }, nobody);
    expect(answer).toMatchObject(isScimError(401));
  });
});

describe.each(everyRoute.filter((route) => /(Users|Groups)/.test(route)))("%s", (route) => {
  const resource = route.includes("/Users") ? "users" : "groups";
  const needed = /^GET|\.search$/.test(route) ? "read" : "write";

  test(`needs the scope ${resource}:${needed}`, async () => {
    const others = (["users:read", "users:write", "groups:read", "groups:write"] as const).filter(
      (scope) => scope !== `${resource}:${needed}`,
    );
    const { token } = await service.tenant(others);
    const answer = await service.send(route, { token, body: bodies[route] }, nobody);
    expect(answer).toMatchObject(isScimError(403));
    expect(answer.body.detail).toContain(`${resource}:${needed}`);
  });
});

describe.each(byId)("%s", (route) => {
  test.each([nobody, "x", "..", "%2e%2e", "#", "USER#x", "__proto__", "a".repeat(3000)])(
    "of the unknown id %p is answered 404",
    async (id) => {
      const { token } = await service.tenant();
      expect(await service.send(route, { token, body: bodies[route] }, id)).toMatchObject(
        isScimError(404),
      );
    },
  );

  test("of another tenant's id is answered 404 and changes nothing", async () => {
    const [mine, other] = [await service.tenant(), await service.tenant()];
    const type = route.includes("/Users") ? "Users" : "Groups";
    const given = { ...(bodies[`POST /${type}`] as object), externalId: "kept" };
    const { body } = await service.send(`POST /${type}`, { token: other.token, body: given });

    const answer = await service.send(
      route,
      { token: mine.token, body: bodies[route] },
      body.id as string,
    );
    expect(answer).toMatchObject(isScimError(404));
    const after = await service.send(
      `GET /${type}/{id}`,
      { token: other.token },
      body.id as string,
    );
    expect(after.body).toEqual(body);
  });
});

describe.each(everyRoute.filter((route) => /^(POST|PUT|PATCH)/.test(route)))("%s", (route) => {
  test.each([
    ["no body", undefined],
    ["half a body", '{"schemas":['],
    ["a number", "1"],
    ["a list", []],
    ["null", "null"],
    ["text", '"x"'],
    ["brackets without end", "[".repeat(100_000)],
    ["objects without end", '{"a":'.repeat(100_000)],
    ["names of JavaScript's own", '{"__proto__":{"x":1},"constructor":{"prototype":{}}}'],
    ["more combining marks than any language has", `{"userName":"${"\u0315\u0300".repeat(40)}"}`],
    ["the same as escapes", `{"userName":"${"\\u0315\\u0300".repeat(40)}"}`],
    ["numbers out of range", '{"userName":1e999,"displayName":-1e-999}'],
  ])("with %s is a SCIM error below 500, or 501", async (_, body) => {
    const { token } = await service.tenant();
    const { status, body: error } = await service.send(route, { token, body }, nobody);
    expect(status === 501 || (status >= 400 && status < 500)).toBe(true);
    expect(error.schemas).toEqual(["urn:ietf:params:scim:api:messages:2.0:Error"]);
  });
});

test.each([
  ["PUT /Users", "GET, HEAD, POST"],
  ["POST /Users/{id}", "GET, HEAD, PUT, PATCH, DELETE"],
  ["GET /Groups/.search", "POST"],
  ["DELETE /Bulk", "POST"],
  ["POST /ServiceProviderConfig", "GET, HEAD"],
  ["PATCH /Schemas", "GET, HEAD"],
])("%s is answered 405, with the methods that there are", async (route, allowed) => {
  const { token } = await service.tenant();
  const answer = await service.send(route, { token, body: {} }, nobody);
  expect(answer).toMatchObject(isScimError(405));
  expect(answer.headers.Allow).toBe(allowed);
});

test("HEAD is answered as GET is", async () => {
  const { token } = await service.tenant();
  const { body } = await service.send("POST /Users", { token, body: bodies["POST /Users"] });
  const id = String(body.id);
  const [head, get] = [
    await service.send("HEAD /Users/{id}", { token }, id),
    await service.send("GET /Users/{id}", { token }, id),
  ];
  expect(head.status).toBe(200);
  expect(head.headers).toEqual(get.headers);
});

test("what is not built yet is answered 501, and not advertised", async () => {
  const { token } = await service.tenant();
  const notBuilt = ["GET /Me", "PATCH /Me"];
  for (const route of notBuilt)
    expect(await service.send(route, { token, body: {} })).toMatchObject(isScimError(501));

  const { body } = await service.send("GET /ServiceProviderConfig", { token });
  expect(body).toMatchObject({
    patch: { supported: true },
    filter: { supported: true },
    bulk: { supported: true },
    sort: { supported: true },
    etag: { supported: true },
    changePassword: { supported: false },
  });
});

test("a log line tells who, what and how it ended, and holds no token, name or body", async () => {
  const { tenant, token } = await service.tenant();
  service.logged.length = 0;
  const body = { schemas: [userUrn], userName: "someone@example.com" };
  await service.send("POST /Users", { token, body, query: { filter: 'userName eq "someone"' } });

  const text = JSON.stringify(service.logged);
  expect(service.logged).toHaveLength(1);
  expect(text).toContain(tenant);
  expect(text).toContain('"status":201');
  expect(text).toContain("request-1");
  expect(text).not.toContain("someone");
  expect(text).not.toContain(token);
});

test("where something unexpected happens, the client learns the request's id and nothing else", async () => {
  const broken = await aService({ name: "no-such-table" });
  const { token } = await broken.tenant();
  const { status, body } = await broken.send("GET /Users", { token });
  expect(status).toBe(500);
  expect(body.detail).toBe("Something went wrong here; name request request-1 to the operator.");
  await broken.stop();
});
