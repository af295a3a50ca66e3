import { expect, test } from "@jest/globals";
import { bearerToken, type Headers } from "../../lambdas/auth/bearer.ts";

const cases: readonly (readonly [Headers | null, string | undefined, string])[] = [
  [{ Authorization: "Bearer abc" }, "abc", "that is how it is sent"],
  [{ authorization: "bearer abc" }, "abc", "neither name nor scheme has a case"],
  [{ AUTHORIZATION: " BEARER\t abc  " }, "abc", "odd whitespace does not matter"],
  [{ Authorization: ["Bearer abc"] }, "abc", "all values of a header may be given"],
  [{ Authorization: "abc" }, undefined, "there is no scheme"],
  [{ Authorization: "Bearer" }, undefined, "there is no token"],
  [{ Authorization: "Bearer a b" }, undefined, "a token has no spaces"],
  [{ Authorization: "Basic abc" }, undefined, "it is another scheme"],
  [{ Authorization: ["Bearer abc", "Bearer def"] }, undefined, "there are two"],
  [{ Authorization: "Bearer a", authorization: "Bearer b" }, undefined, "there are two names"],
  [{ Authorization: undefined }, undefined, "the header has no value"],
  [{ "X-Authorization": "Bearer abc" }, undefined, "it is another header"],
  [null, undefined, "API Gateway gives null for no headers"],
];

test.each(cases)("%j holds %j: %s", (headers, token) => {
  expect(bearerToken(headers)).toBe(token);
});
