import { expect, test } from "@jest/globals";
import { proxyEvent } from "../../local/api-gateway/event.ts";
import { type RawRequest, readTarget } from "../../local/api-gateway/request.ts";
import { createRouter } from "../../local/api-gateway/router.ts";
import type { JsonObject } from "../../local/json.ts";
import type { ApiSpec } from "../../local/template/api.ts";
import { anApi } from "./fixture-api.ts";

const now = new Date("2026-04-09T12:34:56.789Z");

const aRequest = (requestLine: string, more: Partial<RawRequest> = {}): RawRequest => {
  const [method = "", target = ""] = requestLine.split(" ");
  const headers = [["Host", "127.0.0.1:8080"]] as const;
  return { method, target, headers, body: Buffer.alloc(0), sourceIp: "127.0.0.1", ...more };
};

/** The event for a request whose target has no stage in front. */
function eventOf(request: RawRequest, api: ApiSpec = anApi()): JsonObject {
  const { segments, query, path } = readTarget(request.target);
  const route = createRouter(api)(request.method, segments);
  if (!route) throw new Error("No route fits.");
  return proxyEvent({ api, request, route, query, path, requestId: "r-1", now });
}

test.each<{ query: string; values: Record<string, string[]> | null }>([
  { query: "", values: null },
  { query: "?", values: null },
  { query: "?a=1", values: { a: ["1"] } },
  { query: "?a=1&a=2", values: { a: ["1", "2"] } },
  { query: "?a=1&A=2", values: { a: ["1"], A: ["2"] } },
  { query: "?aadOptscim062020", values: { aadOptscim062020: [""] } },
  { query: "?f=a+eq+%22b%22", values: { f: ['a eq "b"'] } },
  { query: "?f=a%2Bb%40c", values: { f: ["a+b@c"] } },
  { query: "?f=%2525", values: { f: ["%25"] } },
  { query: "?f=a=b", values: { f: ["a=b"] } },
  { query: "?%66=%C3%A9", values: { f: ["é"] } },
  { query: "?&a=1&&", values: { a: ["1"] } },
  { query: '?f=members[value+eq+"x"]', values: { f: ['members[value eq "x"]'] } },
])("the query $query arrives decoded once", ({ query, values }) => {
  const last = Object.entries(values ?? {}).map(([name, all]) => [name, all.at(-1)]);
  expect(eventOf(aRequest(`GET /scim/Users${query}`))).toMatchObject({
    queryStringParameters: values && Object.fromEntries(last),
    multiValueQueryStringParameters: values,
  });
});

test.each<{ line: string; resource: string; pathParameters: Record<string, string> | null }>([
  { line: "GET /scim/Users", resource: "/scim/Users", pathParameters: null },
  { line: "GET /scim/Users/", resource: "/scim/Users", pathParameters: null },
  { line: "GET /scim/Users/1", resource: "/scim/Users/{id}", pathParameters: { id: "1" } },
  { line: "POST /scim/Users/.search", resource: "/scim/Users/.search", pathParameters: null },
  {
    line: "GET /scim/Users/a%3Ab%2Fc%2B",
    resource: "/scim/Users/{id}",
    pathParameters: { id: "a:b/c+" },
  },
  { line: "GET /scim/Users/a+b", resource: "/scim/Users/{id}", pathParameters: { id: "a+b" } },
  {
    line: "PUT /scim/Users/1/x",
    resource: "/scim/Users/{id}/{part}",
    pathParameters: { id: "1", part: "x" },
  },
  { line: "PUT /files/a/b/c", resource: "/files/{proxy+}", pathParameters: { proxy: "a/b/c" } },
])("$line goes to $resource", ({ line, resource, pathParameters }) => {
  const event = eventOf(aRequest(line));
  const [method, target] = line.split(" ");
  expect(event).toMatchObject({ resource, pathParameters, httpMethod: method, path: target });
  expect(event.requestContext).toMatchObject({
    resourcePath: resource,
    path: `/prod${target}`,
    httpMethod: method,
  });
});

test.each([
  "GET /",
  "GET /scim",
  "PUT /scim/Users",
  // The static resource fits, and only that is asked for the method.
  "GET /scim/Users/.search",
  "HEAD /scim/Users",
  "OPTIONS /scim/Users",
  "GET /scim//Users",
  "GET /scim/users",
  "GET /files",
])("%s has no route", (line) => {
  const [method = "", target = ""] = line.split(" ");
  expect(createRouter(anApi())(method, readTarget(target).segments)).toBeUndefined();
});

test.each(["/scim/Users/%", "/scim/Users/%zz", "/scim/Users?a=%E0%A4%A", "/scim/Users?%=1"])(
  "%s is told apart as malformed",
  (target) => {
    expect(() => readTarget(target)).toThrow(URIError);
  },
);

test.each<{ type: string; binary: string[]; body: string; isBase64Encoded: boolean }>([
  { type: "application/scim+json", binary: [], body: "é", isBase64Encoded: false },
  { type: "text/x", binary: ["text/x"], body: "w6k=", isBase64Encoded: true },
  { type: "image/png", binary: ["image/*"], body: "w6k=", isBase64Encoded: true },
  { type: "text/x; charset=utf-8", binary: ["*/*"], body: "w6k=", isBase64Encoded: true },
])(
  "a body of type $type is base64: $isBase64Encoded",
  ({ type, binary, body, isBase64Encoded }) => {
    const request = aRequest("POST /scim/Users", {
      headers: [["content-type", type]],
      body: Buffer.from("é"),
    });
    expect(eventOf(request, anApi({ binaryMediaTypes: binary }))).toMatchObject({
      body,
      isBase64Encoded,
    });
  },
);

test("an empty body is null", () => {
  expect(eventOf(aRequest("POST /scim/Users"))).toMatchObject({
    body: null,
    isBase64Encoded: false,
  });
});

test("headers keep their spelling and all their values, those of the connection are left out, those of the way are added", () => {
  const event = eventOf(
    aRequest("GET /scim/Users", {
      headers: [
        ["Host", "127.0.0.1:8080"],
        ["authorization", "Bearer x"],
        ["X-Some", "1"],
        ["x-some", "2"],
        ["Content-Length", "0"],
        ["Connection", "keep-alive"],
        ["X-Forwarded-For", "10.0.0.1"],
        ["X-Forwarded-Proto", "https"],
        ["User-Agent", "test"],
      ],
    }),
  );
  const trace = expect.stringMatching(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$/);
  expect(event.headers).toEqual({
    Host: "127.0.0.1:8080",
    authorization: "Bearer x",
    "X-Some": "2",
    "User-Agent": "test",
    "X-Amzn-Trace-Id": trace,
    "X-Forwarded-For": "10.0.0.1, 127.0.0.1",
    "X-Forwarded-Port": "8080",
    "X-Forwarded-Proto": "http",
  });
  expect(event.multiValueHeaders).toMatchObject({ "X-Some": ["1", "2"], Host: ["127.0.0.1:8080"] });
  expect(event.requestContext).toMatchObject({
    domainName: "127.0.0.1:8080",
    identity: { sourceIp: "127.0.0.1", userAgent: "test", user: null },
    requestId: "r-1",
    requestTime: "09/Apr/2026:12:34:56 +0000",
    requestTimeEpoch: now.getTime(),
    stage: "prod",
    apiId: "api1234567",
  });
});
