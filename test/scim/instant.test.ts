import { expect, test } from "@jest/globals";
import { instantOf } from "../../lambdas/scim/instant.ts";

test.each<{ a: string; b: string }>`
  a                              | b
  ${"2026-01-31T08:00:00Z"}      | ${"2026-01-31T09:00:00+01:00"}
  ${"2026-01-31T08:00:00Z"}      | ${"2026-01-31T08:00:00"}
  ${"2026-01-31T08:00:00Z"}      | ${"2026-01-31T08:00:00.0000"}
  ${"2026-01-31T08:00:00.12Z"}   | ${"2026-01-31T08:00:00.120000Z"}
  ${"2026-01-31T24:00:00Z"}      | ${"2026-01-31T23:30:00-00:30"}
  ${"2024-02-29T23:00:00-02:00"} | ${"2024-03-01T01:00:00Z"}
`("$a and $b are one instant", ({ a, b }) => {
  expect(instantOf(a)).toBeDefined();
  expect(instantOf(a)).toBe(instantOf(b));
});

test("the order of instants is that of time", () => {
  const inOrder = [
    "1969-12-31T23:59:59.9995Z",
    "1970-01-01T00:00:00Z",
    "2026-01-31T08:00:00.1Z",
    "2026-01-31T08:00:00.1004Z",
    "2026-01-31T08:00:00.10041Z",
    "2026-01-31T08:00:00.101Z",
    "2026-01-31T08:00:00-01:00",
  ].map((text) => instantOf(text) ?? "");
  expect(inOrder.toSorted()).toEqual(inOrder);
  expect(new Set(inOrder).size).toBe(inOrder.length);
});

test.each([
  "",
  "2026-01-31",
  "2026-01-31T08:00Z",
  "2026-01-31 08:00:00Z",
  "2026-02-29T08:00:00Z",
  "2026-04-31T08:00:00Z",
  "2026-00-01T08:00:00Z",
  "2026-01-00T08:00:00Z",
  "2026-01-31T25:00:00Z",
  "2026-01-31T08:00:00+24:00",
  "2026-01-31t08:00:00z",
])("%s is no instant", (text) => {
  expect(instantOf(text)).toBeUndefined();
});
