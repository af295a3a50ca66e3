import { expect, test } from "@jest/globals";
import { readManager, replaceManager } from "../../lambdas/entra/manager.ts";
import type { Json } from "../../lambdas/scim/json.ts";
import { userType } from "../../lambdas/scim/resource-types.ts";
import type { ResourceType } from "../../lambdas/scim/schema.ts";
import { enterpriseUserUrn } from "../../lambdas/scim/urns.ts";
import { aim, at, type Short, short } from "./aim.ts";

const manager = `${enterpriseUserUrn}:manager`;

test.each<{ sent: Json; read: Json }>`
  sent                                  | read
  ${[{ value: "m", $ref: "/Users/m" }]} | ${{ value: "m", $ref: "/Users/m" }}
  ${["m"]}                              | ${"m"}
  ${[]}                                 | ${null}
`("$sent, the list of one of the oldest client, is the manager $read", ({ sent, read }) => {
  expect(readManager(sent, at(manager))).toEqual(read);
});

test.each<{ path: string; value: Json }>`
  path       | value
  ${manager} | ${{ value: "m", $ref: "/Users/m" }}
  ${manager} | ${"m"}
  ${manager} | ${null}
  ${"roles"} | ${[{ value: "a" }]}
  ${"name"}  | ${[{ givenName: "a" }]}
`("of $path, $value is left alone", ({ path, value }) => {
  expect(readManager(value, at(path))).toBe(value);
});

const change: Short = ["replace", manager, { value: "n" }];
const byId: Short = ["replace", `${manager}.value`, "n"];
const chosen: Short = ["add", `${manager}[value eq "m"].value`, "n"];

test.each<{ sent: Short; made: readonly Short[]; because: string }>`
  sent                                            | made                                                       | because
  ${change}                                       | ${[["remove", manager], change]}                           | ${"another manager has another address"}
  ${["add", manager, { VALUE: "n" }]}             | ${[["remove", manager], ["add", manager, { VALUE: "n" }]]} | ${"names have any case"}
  ${byId}                                         | ${[["remove", manager], byId]}                             | ${"the id says who it is"}
  ${["add", `${manager}.VALUE`, "n"]}             | ${[["remove", manager], ["add", `${manager}.VALUE`, "n"]]} | ${"so it does in any case"}
  ${chosen}                                       | ${[["remove", `${manager}[value eq "m"]`], chosen]}        | ${"so it does of the one that a filter chooses"}
  ${["remove", `${manager}.value`]}               | ${[["remove", manager]]}                                   | ${"without an id there is no manager"}
  ${["remove", `${manager}[value eq "m"].value`]} | ${[["remove", `${manager}[value eq "m"]`]]}                | ${"nor one that a filter chooses"}
`("$sent becomes $made: $because", ({ sent, made }) => {
  expect(short(replaceManager(aim(sent)))).toEqual(made);
});

test.each<{ sent: Short }>`
  sent
  ${["remove", manager]}
  ${["remove", `${manager}[value eq "m"]`]}
  ${["remove", `${manager}.$ref`]}
  ${["replace", manager, { $ref: "/Users/n" }]}
  ${["replace", `${manager}.$ref`, "/Users/n"]}
  ${["replace", `${manager}[value sw "m"].value`, "n"]}
  ${["replace", "emails", { value: "n" }]}
  ${["replace", "name.givenName", "n"]}
`("$sent is left alone", ({ sent }) => {
  const operation = aim(sent);
  expect(replaceManager(operation)[0]).toBe(operation);
});

test("a manager that a deployment requires is never removed on the way", () => {
  const extensions = userType.extensions.map(({ schema, required }) => ({
    required,
    schema: { ...schema, attributes: schema.attributes.map((one) => ({ ...one, required: true })) },
  }));
  const strict: ResourceType = { ...userType, extensions };
  for (const sent of [change, byId, ["remove", `${manager}.value`] satisfies Short]) {
    const operation = aim(sent, strict);
    expect(replaceManager(operation)).toEqual([operation]);
  }
});
