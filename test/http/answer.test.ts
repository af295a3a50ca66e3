import { randomBytes } from "node:crypto";
import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { v7 } from "uuid";
import { answer, answerError, sizeAsJson } from "../../lambdas/http/answer.ts";
import { notFound, ScimError, unavailable, uniqueness } from "../../lambdas/scim/errors.ts";
import { payloadLimitBytes } from "../../local/functions/functions.ts";
import { textOf } from "../support/service.ts";

test.each([
  [notFound("User", "x"), 404, {}, { status: "404" }],
  [uniqueness("userName", "x"), 409, {}, { status: "409", scimType: "uniqueness" }],
  [unavailable("Wait.", 2), 503, { "Retry-After": "2" }, { status: "503", detail: "Wait." }],
  [new ScimError(401, "No."), 401, { "WWW-Authenticate": "Bearer" }, { status: "401" }],
  [new ScimError(415, "No."), 415, { "Accept-Encoding": "gzip" }, { status: "415" }],
  [new Error("at secret.ts:1"), 500, {}, { status: "500" }],
])("%s is answered %i", (error, status, headers, body) => {
  const result = answerError(error, "request-1");
  expect(result.statusCode).toBe(status);
  expect(result.headers).toEqual({ "Content-Type": "application/scim+json", ...headers });
  expect(JSON.parse(result.body)).toMatchObject(body);
  expect(result.body).not.toContain("secret.ts");
});

test("an answer without a body has the content type of all others, since API Gateway would add one", () => {
  const headers = { "Content-Type": "application/scim+json" };
  expect(answer({ status: 204 })).toEqual({ statusCode: 204, headers, body: "" });
});

/** A group as large as one of so many members. */
const aLargeGroup = (count: number) => ({
  members: Array.from({ length: count }, () => {
    const value = v7();
    return { value, $ref: `https://scim.example.com/prod/scim/v2/Users/${value}`, type: "User" };
  }),
});

test("an answer larger than a function may give is refused with what to do instead", () => {
  const body = aLargeGroup(36_000);
  const refusal = /Accept-Encoding: gzip.*excludedAttributes=members.*members\.value eq/;
  expect(() => answer({ status: 200, body })).toThrow(refusal);
  const fewer = answer({ status: 200, body: { members: body.members.slice(0, 33_000) } });
  expect(Buffer.byteLength(JSON.stringify(fewer))).toBeLessThan(payloadLimitBytes);
});

test("a group of 100,000 members fits into an answer in gzip, half of one", () => {
  const body = aLargeGroup(100_000);
  const result = answer({ status: 200, body, headers: { ETag: 'W/"7"' } }, true);
  expect(result).toMatchObject({ statusCode: 200, isBase64Encoded: true });
  expect(result.headers).toEqual({
    "Content-Type": "application/scim+json",
    "Content-Encoding": "gzip",
    Vary: "Accept-Encoding",
    ETag: 'W/"7"',
  });
  expect(JSON.stringify(result).length).toBeLessThan(payloadLimitBytes / 2);
  expect(JSON.parse(textOf(result))).toEqual(body);
});

test("what does not fit in gzip either is refused without that advice", () => {
  const noise = randomBytes(5_000_000).toString("base64");
  const refused = () => answer({ status: 200, body: { noise } }, true);
  expect(refused).toThrow(/excludedAttributes=members/);
  expect(refused).not.toThrow(/gzip/);
});

test("a small answer is plain, and says that a large one may not be", () => {
  const { headers, body, isBase64Encoded } = answer({ status: 200, body: { a: "b" } }, true);
  expect({ headers, body, isBase64Encoded }).toEqual({
    headers: { "Content-Type": "application/scim+json", Vary: "Accept-Encoding" },
    body: '{"a":"b"}',
  });
});

test("a client is told of what it has already that it varies as it did", () => {
  expect(answer({ status: 304 }).headers).toMatchObject({ Vary: "Accept-Encoding" });
});

test("a body's size as text in JSON is counted as JSON.stringify has it", () => {
  fc.assert(
    fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
      const text = JSON.stringify(value);
      expect(sizeAsJson(text)).toBe(Buffer.byteLength(JSON.stringify(text)));
    }),
  );
  const controls = Array.from({ length: 256 }, (_, at) => String.fromCharCode(at)).join("");
  const text = JSON.stringify([controls, "\u2028\ud800 é 😀"]);
  expect(sizeAsJson(text)).toBe(Buffer.byteLength(JSON.stringify(text)));
});
