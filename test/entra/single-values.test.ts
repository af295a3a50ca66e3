import { expect, test } from "@jest/globals";
import { readSingleValues } from "../../lambdas/entra/single-values.ts";
import type { Json } from "../../lambdas/scim/json.ts";
import { attribute } from "../../lambdas/scim/schemas/define.ts";
import { enterpriseUserUrn } from "../../lambdas/scim/urns.ts";
import { at } from "./aim.ts";

const manager = `${enterpriseUserUrn}:manager`;

test.each<{ path: string; sent: Json; read: Json }>`
  path           | sent                     | read
  ${manager}     | ${"m"}                   | ${{ value: "m" }}
  ${"emails"}    | ${"a"}                   | ${[{ value: "a" }]}
  ${"emails"}    | ${{ value: "a" }}        | ${[{ value: "a" }]}
  ${"emails"}    | ${["a", { value: "b" }]} | ${[{ value: "a" }, { value: "b" }]}
  ${"addresses"} | ${{ locality: "L" }}     | ${[{ locality: "L" }]}
`("of $path, $sent is $read", ({ path, sent, read }) => {
  expect(readSingleValues(sent, at(path))).toEqual(read);
});

test("a list inside an object may be a value alone, too", () => {
  const tags = attribute("tags", "Tags.", { multiValued: true });
  const box = attribute("box", "A box.", { subAttributes: [tags] });
  expect(readSingleValues({ tags: "a" }, box)).toEqual({ tags: ["a"] });
});

test.each<{ path: string; value: Json }>`
  path        | value
  ${"title"}  | ${"x"}
  ${"name"}   | ${"Joy Young"}
  ${"name"}   | ${{ givenName: "G" }}
  ${manager}  | ${{ value: "m" }}
  ${manager}  | ${""}
  ${"emails"} | ${[{ value: "a" }]}
  ${"emails"} | ${[]}
  ${"emails"} | ${""}
  ${"emails"} | ${null}
`("of $path, $value is left alone", ({ path, value }) => {
  expect(readSingleValues(value, at(path))).toBe(value);
});
