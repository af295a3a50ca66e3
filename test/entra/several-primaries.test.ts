import { expect, test } from "@jest/globals";
import { demoteLaterPrimaries } from "../../lambdas/entra/several-primaries.ts";
import type { Json } from "../../lambdas/scim/json.ts";
import { at } from "./aim.ts";

const first = { value: "a", primary: true };

test.each<{ sent: Json; read: Json }>`
  sent                                                        | read
  ${[first, { value: "b", primary: true }]}                   | ${[first, { value: "b", primary: false }]}
  ${["x", first, null, { PRIMARY: true }, { primary: true }]} | ${["x", first, null, { PRIMARY: false }, { primary: false }]}
`("of $sent the first primary remains", ({ sent, read }) => {
  expect(demoteLaterPrimaries(sent, at("emails"))).toEqual(read);
});

test.each<{ path: string; value: Json }>`
  path        | value
  ${"emails"} | ${[first, { value: "b" }, { value: "c", primary: false }]}
  ${"emails"} | ${[first, { value: "b", primary: "true" }]}
  ${"emails"} | ${[]}
  ${"emails"} | ${first}
  ${"name"}   | ${[first, first]}
  ${"title"}  | ${"x"}
`("of $path, $value is left alone", ({ path, value }) => {
  expect(demoteLaterPrimaries(value, at(path))).toBe(value);
});
