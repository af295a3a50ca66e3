import { expect, test } from "@jest/globals";
import { answer, answerError } from "../../lambdas/http/answer.ts";
import { notFound, ScimError, unavailable, uniqueness } from "../../lambdas/scim/errors.ts";

test.each([
  [notFound("User", "x"), 404, {}, { status: "404" }],
  [uniqueness("userName", "x"), 409, {}, { status: "409", scimType: "uniqueness" }],
  [unavailable("Wait.", 2), 503, { "Retry-After": "2" }, { status: "503", detail: "Wait." }],
  [new ScimError(401, "No."), 401, { "WWW-Authenticate": "Bearer" }, { status: "401" }],
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

test("an answer larger than a function may give is refused with what to do instead", () => {
  const members = Array.from({ length: 60_000 }, (_, at) => ({
    value: `${at}`,
    type: "x".repeat(80),
  }));
  expect(() => answer({ status: 200, body: { members } })).toThrow(/excludedAttributes=members/);
  const fewer = answer({ status: 200, body: { members: members.slice(0, 40_000) } });
  expect(Buffer.byteLength(JSON.stringify(fewer))).toBeLessThan(6 * 1024 * 1024);
});
