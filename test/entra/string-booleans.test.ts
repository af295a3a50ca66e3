import { expect, test } from "@jest/globals";
import { readStringBooleans } from "../../lambdas/entra/string-booleans.ts";
import type { Json } from "../../lambdas/scim/json.ts";
import { attribute } from "../../lambdas/scim/schemas/define.ts";
import { at } from "./aim.ts";

test.each<{ path: string; sent: Json; read: Json }>`
  path                | sent                                                   | read
  ${"active"}         | ${"False"}                                             | ${false}
  ${"active"}         | ${"True"}                                              | ${true}
  ${"active"}         | ${"false"}                                             | ${false}
  ${"active"}         | ${" TRUE "}                                            | ${true}
  ${"emails.primary"} | ${"True"}                                              | ${true}
  ${"roles"}          | ${[{ primary: "True" }, { PRIMARY: "false" }, "True"]} | ${[{ primary: true }, { PRIMARY: false }, "True"]}
  ${"roles"}          | ${{ primary: "True" }}                                 | ${{ primary: true }}
`("of $path, $sent is $read", ({ path, sent, read }) => {
  expect(readStringBooleans(sent, at(path))).toEqual(read);
});

test("every value of a list of booleans is read", () => {
  const flags = attribute("flags", "Flags.", { type: "boolean", multiValued: true });
  expect(readStringBooleans(["True", false, "no"], flags)).toEqual([true, false, "no"]);
});

test.each<{ path: string; value: Json }>`
  path        | value
  ${"active"} | ${true}
  ${"active"} | ${"perhaps"}
  ${"active"} | ${""}
  ${"active"} | ${0}
  ${"active"} | ${null}
  ${"active"} | ${{ active: "True" }}
  ${"title"}  | ${"True"}
  ${"roles"}  | ${[{ value: "True", primary: true }, { unknown: "True", __proto__: 1 }]}
`("of $path, $value is left alone", ({ path, value }) => {
  expect(readStringBooleans(value, at(path))).toBe(value);
});
