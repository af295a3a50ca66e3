import { expect, test } from "@jest/globals";
import { bulkLimits, readBulkRequest } from "../../../lambdas/scim/bulk/read.ts";
import type { Json, JsonObject } from "../../../lambdas/scim/json.ts";
import { bulkRequestUrn } from "../../../lambdas/scim/urns.ts";

const baseUrl = "https://scim.example.com/scim/v2";
const schemas = [bulkRequestUrn];

const read = (body: Json | undefined) => readBulkRequest(body, baseUrl);
const readAll = (...Operations: Json[]) => read({ schemas, Operations }).operations;

const post = (bulkId: Json, over: JsonObject = {}): JsonObject => ({
  method: "POST",
  path: "/Users",
  bulkId,
  data: {},
  ...over,
});

test.each<{ body: Json | undefined; refusal: object }>`
  body                                                              | refusal
  ${undefined}                                                      | ${{ status: 400, scimType: "invalidSyntax" }}
  ${null}                                                           | ${{ status: 400, scimType: "invalidSyntax" }}
  ${[]}                                                             | ${{ status: 400, scimType: "invalidSyntax" }}
  ${{ Operations: [] }}                                             | ${{ status: 400, scimType: "invalidSyntax" }}
  ${{ schemas: bulkRequestUrn, Operations: [] }}                    | ${{ status: 400, scimType: "invalidSyntax" }}
  ${{ schemas: [null, 1, "urn:x"], Operations: [] }}                | ${{ status: 400, scimType: "invalidSyntax" }}
  ${{ schemas }}                                                    | ${{ status: 400, scimType: "invalidSyntax" }}
  ${{ schemas, Operations: { method: "POST" } }}                    | ${{ status: 400, scimType: "invalidSyntax" }}
  ${{ schemas, Operations: [], failOnErrors: -1 }}                  | ${{ status: 400, scimType: "invalidValue" }}
  ${{ schemas, Operations: [], failOnErrors: 1.5 }}                 | ${{ status: 400, scimType: "invalidValue" }}
  ${{ schemas, Operations: [], failOnErrors: "1" }}                 | ${{ status: 400, scimType: "invalidValue" }}
  ${{ schemas, Operations: Array.from({ length: 1001 }, () => 1) }} | ${{ status: 413, detail: expect.stringContaining("maxOperations (1000)") }}
  ${{ schemas, Operations: [], x: "é".repeat(600_000) }}            | ${{ status: 413, detail: expect.stringContaining("maxPayloadSize (1048576)") }}
`("$body is refused as a whole", ({ body, refusal }) => {
  expect(() => read(body)).toThrow(expect.objectContaining(refusal));
});

test("failOnErrors of 0 is no limit, like none at all", () => {
  expect(read({ schemas, Operations: [], failOnErrors: 0 }).failOnErrors).toBe(Infinity);
});

test("a request as large as may be is read", () => {
  const operations = Array.from({ length: bulkLimits.maxOperations }, (_, at) => post(`${at}`));
  expect(read({ schemas, Operations: operations }).operations).toHaveLength(1000);
  const text = "x".repeat(bulkLimits.maxPayloadSize - 92 - bulkRequestUrn.length);
  expect(() => read({ schemas, Operations: [], x: text })).not.toThrow();
});

test("names and URNs are read in any case, and a request may be empty", () => {
  const body = { SCHEMAS: [bulkRequestUrn.toUpperCase()], operations: [], FailOnErrors: 2 };
  expect(read(body)).toEqual({ failOnErrors: 2, operations: [] });
  expect(read({ schemas, Operations: [] }).failOnErrors).toBe(Number.POSITIVE_INFINITY);
});

test("an operation is read with what a single request would say", () => {
  const version = 'W/"1"';
  const given = { METHOD: "patch", Path: "/Users/a%2Fb", bulkid: "p", version, DATA: { x: 1 } };
  const target = { endpoint: "/Users", id: "a/b" };
  expect(readAll(given)).toEqual([
    { kind: "operation", method: "PATCH", bulkId: "p", target, version, data: { x: 1 } },
  ]);
});

test.each<{ method: string; path: string; target: object }>`
  method      | path                      | target
  ${"POST"}   | ${"/Users"}               | ${{ endpoint: "/Users", id: "" }}
  ${"POST"}   | ${`${baseUrl}/Users`}     | ${{ endpoint: "/Users", id: "" }}
  ${"PUT"}    | ${"/Users/1"}             | ${{ endpoint: "/Users", id: "1" }}
  ${"PATCH"}  | ${`${baseUrl}/Users/1`}   | ${{ endpoint: "/Users", id: "1" }}
  ${"DELETE"} | ${"/Users/bulkId:qwerty"} | ${{ endpoint: "/Users", id: "bulkId:qwerty" }}
  ${"DELETE"} | ${"/Users/100%"}          | ${{ endpoint: "/Users", id: "100%" }}
`("$method $path goes to $target", ({ target, ...given }) => {
  expect(readAll({ ...given, bulkId: "x", data: {} })).toMatchObject([{ target }]);
});

test.each<{ given: Json; because: string; kept: object }>`
  given                                              | kept                                                          | because
  ${"POST"}                                          | ${{}}                                                         | ${"it is no object"}
  ${{}}                                              | ${{}}                                                         | ${"it has no method"}
  ${{ method: "GET", path: "/Users/1" }}             | ${{ method: "GET", target: { endpoint: "/Users", id: "1" } }} | ${"nothing is read by it"}
  ${{ method: 1, path: "/Users/1" }}                 | ${{ target: { endpoint: "/Users", id: "1" } }}                | ${"its method is no text"}
  ${{ method: "POST", path: "/Users", data: {} }}    | ${{ method: "POST" }}                                         | ${"a POST has no bulkId"}
  ${post("")}                                        | ${{ method: "POST" }}                                         | ${"its bulkId is empty"}
  ${post(7)}                                         | ${{ method: "POST" }}                                         | ${"its bulkId is no text"}
  ${post("x", { path: null })}                       | ${{ method: "POST", bulkId: "x" }}                            | ${"it has no path"}
  ${post("x", { path: "Users" })}                    | ${{ method: "POST", bulkId: "x" }}                            | ${"its path is not one"}
  ${post("x", { path: "https://other/Users" })}      | ${{ method: "POST", bulkId: "x" }}                            | ${"it goes elsewhere"}
  ${{ method: "PUT", path: "/Users", data: {} }}     | ${{ method: "PUT" }}                                          | ${"a PUT names no resource"}
  ${{ method: "DELETE", path: "/Users/" }}           | ${{ method: "DELETE" }}                                       | ${"a DELETE names no resource"}
  ${{ method: "PUT", path: "/Users/1" }}             | ${{ method: "PUT", target: { endpoint: "/Users", id: "1" } }} | ${"a PUT has no data"}
  ${post("x", { data: [] })}                         | ${{ method: "POST", bulkId: "x" }}                            | ${"its data are no object"}
  ${{ method: "DELETE", path: "/U/1", version: {} }} | ${{ method: "DELETE", target: { endpoint: "/U", id: "1" } }}  | ${"its version is no text"}
`("$given is refused by itself: $because", ({ given, kept }) => {
  const [faulty, other] = readAll(given, post("other"));
  expect(faulty).toMatchObject({ kind: "faulty", ...kept, error: { status: 400 } });
  expect(other).toMatchObject({ kind: "operation", bulkId: "other" });
});

test("operations that share a bulkId are all refused, since a reference to it would be ambiguous", () => {
  const operations = readAll(post("x"), post("__proto__"), post("x"));
  expect(operations.map(({ kind }) => kind)).toEqual(["faulty", "operation", "faulty"]);
});
