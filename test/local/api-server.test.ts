import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { deflateSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { createApiServer } from "../../local/api-gateway/server.ts";
import { createFunctions, type Functions } from "../../local/functions/functions.ts";
import { type Listening, listen } from "../../local/listen.ts";
import { anApi, functionArn } from "./fixture-api.ts";
import { aFunction } from "./fixture-functions.ts";

const spec = aFunction(
  `import { gzipSync } from "node:zlib";
  export const handler = async (event) => {
    const query = event.queryStringParameters ?? {};
    if (query.crash) process.exit(1);
    if (query.malformed) return { status: 200 };
    if (query.slow) await new Promise((resolve) => setTimeout(resolve, 1500));
    if (query.gzip)
      return {
        statusCode: 200,
        headers: { "Content-Type": "application/scim+json", "Content-Encoding": "gzip" },
        body: gzipSync("packed").toString("base64"),
        isBase64Encoded: true,
      };
    return {
      statusCode: event.httpMethod === "DELETE" ? 204 : 200,
      headers: { "WWW-Authenticate": "Bearer", "Content-Type": "application/scim+json" },
      body: JSON.stringify({ resource: event.resource, size: (event.body ?? "").length, base64: event.isBase64Encoded, text: event.body }),
    };
  };`,
);

let server: Listening;
/** The same API, for which any media type is binary. */
let binary: Listening;
let functions: Functions;
beforeAll(async () => {
  functions = createFunctions({
    specs: [spec],
    gateway: "http://127.0.0.1:1",
    log: () => undefined,
    complain: () => undefined,
  });
  const api = anApi();
  const resources = api.resources.map(({ methods, ...resource }) => ({
    ...resource,
    methods: methods.map((method) => ({ ...method, timeoutMs: 1000 })),
  }));
  const parts = {
    api: { ...api, resources },
    functions,
    mayInvoke: (arn: string, method: string) =>
      arn === functionArn && !method.endsWith("/DELETE/scim/Users/forbidden"),
  };
  server = await listen(createApiServer(Promise.resolve(parts)), 0);
  const binaryApi = { ...parts.api, binaryMediaTypes: ["*/*"] };
  binary = await listen(createApiServer(Promise.resolve({ ...parts, api: binaryApi })), 0);
});
afterAll(async () => {
  await server.stop();
  await binary.stop();
  await functions.stop();
});

const send = async (path: string, init: RequestInit = {}, to = server) => {
  const response = await fetch(to.url + path, init);
  return { status: response.status, headers: response.headers, body: await response.text() };
};

test("a request reaches the function and its answer comes back, with API Gateway's headers", async () => {
  const { status, headers, body } = await send("/prod/scim/Users", { method: "POST", body: "abc" });
  expect(status).toBe(200);
  expect(JSON.parse(body)).toMatchObject({ resource: "/scim/Users", size: 3, base64: false });
  expect(headers.get("content-type")).toBe("application/scim+json");
  expect(headers.get("www-authenticate")).toBeNull();
  expect(headers.get("x-amzn-remapped-www-authenticate")).toBe("Bearer");
  expect(headers.get("x-amzn-requestid")).toMatch(/^[0-9a-f-]{36}$/);
});

test("an answer 204 has no body", async () => {
  expect(await send("/prod/scim/Users/1", { method: "DELETE" })).toMatchObject({
    status: 204,
    body: "",
  });
});

test.each`
  request                           | status | message
  ${"/other/scim/Users"}            | ${403} | ${"Forbidden"}
  ${"/"}                            | ${403} | ${"Forbidden"}
  ${"/prod"}                        | ${403} | ${"Missing Authentication Token"}
  ${"/prod/scim/Nothing"}           | ${403} | ${"Missing Authentication Token"}
  ${"/prod/scim/Users?a=%zz"}       | ${400} | ${"Bad Request"}
  ${"/prod/scim/Users/%E0%A4%A"}    | ${400} | ${"Bad Request"}
  ${"/prod/scim/Users?crash=1"}     | ${502} | ${"Internal server error"}
  ${"/prod/scim/Users?malformed"}   | ${200} | ${undefined}
  ${"/prod/scim/Users?malformed=1"} | ${502} | ${"Internal server error"}
  ${"/prod/scim/Users?slow=1"}      | ${504} | ${"Endpoint request timed out"}
`("GET $request is answered $status", async ({ request, status, message }) => {
  const answer = await send(String(request));
  expect(answer.status).toBe(status);
  expect(JSON.parse(answer.body).message).toBe(message);
});

test("a bearer token on an unknown route is taken for a broken signature", async () => {
  const answer = await send("/prod/scim/Nothing", { headers: { Authorization: "Bearer x" } });
  expect(answer).toMatchObject({ status: 403 });
  expect(answer.body).toContain("Authorization header");
});

test("a function that does not let API Gateway invoke it is a faulty configuration", async () => {
  expect(await send("/prod/scim/Users/forbidden", { method: "DELETE" })).toMatchObject({
    status: 500,
    body: '{"message":"Internal server error"}',
  });
});

test.each([
  [5 * 1024 * 1024, 200],
  [7 * 1024 * 1024, 413],
  [11 * 1024 * 1024, 413],
])("a body of %d bytes is answered %d", async (size, status) => {
  const body = "x".repeat(size);
  expect(await send("/prod/scim/Users", { method: "POST", body })).toMatchObject({ status });
});

test.each([[{}], [{ accept: "*/*" }], [{ accept: "application/json" }]])(
  "where any type is binary, bodies go in base64 and come back from it, with %p",
  async (headers) => {
    const packed = await send("/prod/scim/Users?gzip=1", { headers }, binary);
    expect(packed).toMatchObject({ status: 200, body: "packed" });
    expect(packed.headers.get("content-encoding")).toBe("gzip");

    const given = await send("/prod/scim/Users", { method: "POST", headers, body: "é" }, binary);
    expect(JSON.parse(given.body)).toMatchObject({ base64: true, text: "w6k=" });
  },
);

test("a client that says nothing of what it accepts is answered in bytes too", async () => {
  const lines = "GET /prod/scim/Users?gzip=1 HTTP/1.1\nHost: x\nConnection: close\n\n";
  const { length } = gzipSync("packed");
  expect(await sendRaw(lines, binary)).toContain(`Content-Length: ${length}\r\n`);
  expect(await sendRaw(lines)).toContain(gzipSync("packed").toString("base64").slice(-8));
});

test.each([
  ["gzip", gzipSync("é"), 200],
  ["deflate", deflateSync("é"), 200],
  ["identity", Buffer.from("é"), 200],
  ["br", Buffer.from("é"), 415],
  ["gzip", Buffer.from("é"), 415],
  ["gzip", gzipSync(Buffer.alloc(11 * 1024 * 1024)), 413],
])("a body that is encoded in %s is decoded, or refused", async (coding, body, status) => {
  const headers = { "Content-Encoding": coding };
  const answer = await send("/prod/scim/Users", { method: "POST", headers, body }, binary);
  expect(answer.status).toBe(status);
  if (status === 200) expect(JSON.parse(answer.body).text).toBe("w6k=");
});

/** Sends bytes that fetch would not. */
async function sendRaw(lines: string, to = server): Promise<string> {
  const { hostname, port } = new URL(to.url);
  const socket = connect(Number(port), hostname);
  socket.write(lines.replaceAll("\n", "\r\n"));
  return await text(socket);
}

test("a request line with a whole URL, and one with a space too many, are answered too", async () => {
  const whole = await sendRaw(
    "GET http://example.com/prod/scim/Users HTTP/1.1\nHost: example.com\nConnection: close\n\n",
  );
  expect(whole).toMatch(/^HTTP\/1.1 200 /);
  const malformed = await sendRaw("GET /prod/scim/Users?filter=a b HTTP/1.1\nHost: x\n\n");
  expect(malformed).toMatch(/^HTTP\/1.1 400 /);
  expect((await send("/prod/scim/Users")).status).toBe(200);
});
