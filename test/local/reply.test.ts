import { expect, test } from "@jest/globals";
import { gatewayReply } from "../../local/api-gateway/gateway-responses.ts";
import { readReply } from "../../local/api-gateway/reply.ts";
import type { RawRequest } from "../../local/api-gateway/request.ts";
import type { GatewayResponseSpec } from "../../local/template/api.ts";
import { aGatewayResponse } from "./fixture-api.ts";

const replyTo = (result: unknown, isBinary = false) => readReply(JSON.stringify(result), isBinary);

test.each([
  ["Content-Type", "Content-Type"],
  ["ETag", "ETag"],
  ["Location", "Location"],
  ["Retry-After", "Retry-After"],
  ["WWW-Authenticate", "x-amzn-Remapped-WWW-Authenticate"],
  ["www-authenticate", "x-amzn-Remapped-www-authenticate"],
  ["Date", "x-amzn-Remapped-Date"],
  ["Server", "x-amzn-Remapped-Server"],
  ["Content-Length", "x-amzn-Remapped-Content-Length"],
  ["Transfer-Encoding", "x-amzn-Remapped-Transfer-Encoding"],
])("a function's %s arrives as %s", (header, arrives) => {
  expect(replyTo({ statusCode: 200, headers: { [header]: "x" } })?.headers).toEqual([
    [arrives, "x"],
  ]);
});

test("a header with several values wins over the single one of the same name", () => {
  const reply = replyTo({
    statusCode: 200,
    headers: { "x-a": "1", "X-B": true },
    multiValueHeaders: { "X-A": ["2", 3] },
  });
  expect(reply?.headers).toEqual([
    ["X-B", "true"],
    ["X-A", "2"],
    ["X-A", "3"],
  ]);
});

test("base64 is undone only for a client that accepts what the API takes as binary", () => {
  const result = { statusCode: 200, body: "w6k=", isBase64Encoded: true };
  expect(replyTo(result, true)?.body.toString()).toBe("é");
  expect(replyTo(result, false)?.body.toString()).toBe("w6k=");
});

test("a status may be text, or left out", () => {
  expect(replyTo({ statusCode: "201" })?.status).toBe(201);
  expect(replyTo({})?.status).toBe(200);
});

test.each([
  [null],
  ["text"],
  [[]],
  [{ statusCode: 200, extra: 1 }],
  [{ statusCode: "soon" }],
  [{ statusCode: 99 }],
  [{ statusCode: 200, body: { a: 1 } }],
  [{ statusCode: 200, headers: { a: {} } }],
  [{ statusCode: 200, headers: [] }],
  [{ statusCode: 200, headers: { "a b": "1" } }],
  [{ statusCode: 200, headers: { a: "1\r\nb: 2" } }],
  [{ statusCode: 200, headers: { a: "\u{1f600}" } }],
  [{ statusCode: 200, multiValueHeaders: { a: "1" } }],
])("%j is no result of a proxy integration", (result) => {
  expect(replyTo(result)).toBeUndefined();
});

const aRequest = (headers: RawRequest["headers"] = []): RawRequest => ({
  method: "GET",
  target: "/",
  headers,
  body: Buffer.alloc(0),
  sourceIp: "127.0.0.1",
});

const own = (
  responses: readonly GatewayResponseSpec[],
  kind: Parameters<typeof gatewayReply>[1],
  request = aRequest(),
) => {
  const { status, headers, body } = gatewayReply(responses, kind, request, "r-1");
  return { status, headers: Object.fromEntries(headers), body: body.toString() };
};

test.each([
  { kind: "MISSING_AUTHENTICATION_TOKEN", status: 403, message: "Missing Authentication Token" },
  { kind: "BAD_REQUEST", status: 400, message: "Bad Request" },
  { kind: "BAD_GATEWAY", status: 502, message: "Internal server error" },
  { kind: "INTEGRATION_TIMEOUT", status: 504, message: "Endpoint request timed out" },
  { kind: "REQUEST_TOO_LARGE", status: 413, message: "Request Too Long" },
  { kind: "API_CONFIGURATION_ERROR", status: 500, message: "Internal server error" },
] as const)(
  "without a gateway response $kind is AWS's own $status",
  ({ kind, status, message }) => {
    expect(own([], kind)).toEqual({
      status,
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ message }),
    });
  },
);

test("a gateway response gives status, headers and body, with what it names put in", () => {
  const spec = aGatewayResponse("MISSING_AUTHENTICATION_TOKEN", {
    statusCode: 404,
    templates: {
      "application/json":
        '{"detail":"$context.error.message","m":$context.error.messageString,"id":"$context.requestId","t":"$context.error.responseType","x":"$context.unknown"}',
    },
    parameters: {
      "gatewayresponse.header.Content-Type": "'application/scim+json'",
      "gatewayresponse.header.WWW-Authenticate": "'Bearer realm=\"scim\"'",
      "gatewayresponse.header.X-Request": "context.requestId",
      "gatewayresponse.header.X-Echo": "method.request.header.X-Given",
      "gatewayresponse.header.X-None": "method.request.header.X-Missing",
    },
  });

  const reply = own([spec], "MISSING_AUTHENTICATION_TOKEN", aRequest([["x-given", "7"]]));

  expect(reply.status).toBe(404);
  expect(reply.headers).toEqual({
    "Content-Type": "application/scim+json",
    "WWW-Authenticate": 'Bearer realm="scim"',
    "X-Request": "r-1",
    "X-Echo": "7",
  });
  expect(JSON.parse(reply.body)).toEqual({
    detail: "Missing Authentication Token",
    m: "Missing Authentication Token",
    id: "r-1",
    t: "MISSING_AUTHENTICATION_TOKEN",
    x: "",
  });
});

test("what has no gateway response of its own is worded by the default of its class", () => {
  const responses = [
    aGatewayResponse("DEFAULT_4XX", { templates: { "application/json": "4" } }),
    aGatewayResponse("DEFAULT_5XX", { statusCode: 503, templates: { "application/json": "5" } }),
    aGatewayResponse("REQUEST_TOO_LARGE", { templates: { "application/json": "413" } }),
  ];
  expect(own(responses, "BAD_REQUEST")).toMatchObject({ status: 400, body: "4" });
  expect(own(responses, "BAD_GATEWAY")).toMatchObject({ status: 503, body: "5" });
  expect(own(responses, "REQUEST_TOO_LARGE")).toMatchObject({ status: 413, body: "413" });
});

test("the template that fits what the client accepts is taken", () => {
  const spec = aGatewayResponse("DEFAULT_4XX", {
    templates: { "application/json": "json", "application/xml": "xml" },
  });
  const accepting = (type: string) => own([spec], "BAD_REQUEST", aRequest([["Accept", type]]));
  expect(accepting("application/xml")).toMatchObject({ body: "xml" });
  expect(accepting("*/*")).toMatchObject({ body: "json" });
});
