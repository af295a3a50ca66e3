import { expect, test } from "@jest/globals";
import { readEnv } from "../lambdas/env.ts";

test("a function is given the variables that it names, checked", () => {
  const given = { TABLE_NAME: "t", CREDENTIAL_CACHE_SECONDS: "60", OTHER: "x" };
  expect(readEnv(["TABLE_NAME", "CREDENTIAL_CACHE_SECONDS"], given)).toEqual({
    TABLE_NAME: "t",
    CREDENTIAL_CACHE_SECONDS: 60,
  });
});

test.each([
  ["TABLE_NAME", {}],
  ["TABLE_NAME", { TABLE_NAME: "" }],
  ["BASE_PATH", { BASE_PATH: "scim" }],
  ["CREDENTIAL_CACHE_SECONDS", { CREDENTIAL_CACHE_SECONDS: "a while" }],
  ["CREDENTIAL_CACHE_SECONDS", { CREDENTIAL_CACHE_SECONDS: "0" }],
  ["BACKGROUND_WRITE_UNITS", { BACKGROUND_WRITE_UNITS: "49" }],
  ["BACKGROUND_WRITE_UNITS", { BACKGROUND_WRITE_UNITS: "5001" }],
  ["WORKER_FUNCTION", {}],
] as const)("without a right %s a function does not start: %p", (name, given) => {
  expect(() => readEnv([name], given)).toThrow(`Environment variable ${name}`);
});
