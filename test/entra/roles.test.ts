import { expect, test } from "@jest/globals";
import { readRoles } from "../../lambdas/entra/roles.ts";
import type { Json } from "../../lambdas/scim/json.ts";
import { attribute } from "../../lambdas/scim/schemas/define.ts";
import { at } from "./aim.ts";

test.each<{ sent: Json; role: Json }>`
  sent                                                                  | role
  ${{ value: '{"id":"06b0","value":"25","displayName":"Role1234"}' }}   | ${{ id: "06b0", value: "25", displayName: "Role1234", display: "Role1234" }}
  ${'{"value":"25","display":"R","displayName":"S"}'}                   | ${{ value: "25", display: "R", displayName: "S" }}
  ${' {"Value":"25","primary":"True"}'}                                 | ${{ Value: "25", primary: true }}
  ${'{"value":"25","displayName":null}'}                                | ${{ value: "25" }}
  ${{ type: "t", Display: "X", value: '{"value":"25","display":"R"}' }} | ${{ type: "t", value: "25", display: "R" }}
  ${{ value: "User", displayName: "U" }}                                | ${{ value: "User", displayName: "U", display: "U" }}
`("$sent is the role $role", ({ sent, role }) => {
  expect(readRoles([sent], at("roles"))).toEqual([role]);
  expect(readRoles(sent, at("roles"))).toEqual(role);
});

test.each<{ text: string; because: string }>`
  text                                                                 | because
  ${"{not json"}                                                       | ${"it is no JSON"}
  ${'{"value":7}'}                                                     | ${"its value is no text"}
  ${'{"value":{}}'}                                                    | ${"its value is no text"}
  ${'{"value":""}'}                                                    | ${"it has no value"}
  ${'{"value":null,"displayName":"User"}'}                             | ${"it has no value"}
  ${'{"displayName":"User"}'}                                          | ${"it has no value"}
  ${'{"value":"x","displayName":7}'}                                   | ${"its name is no text"}
  ${'{"value":"x","display":{"a":1}}'}                                 | ${"its name is no text"}
  ${'{"value":"x","type":["t"]}'}                                      | ${"its type is no text"}
  ${'{"value":"x","primary":"perhaps"}'}                               | ${"its primary is neither true nor false"}
  ${'{"value":"x","VALUE":"y"}'}                                       | ${"it has two values"}
  ${'{"value":"x","__proto__":{},"Type":1}'}                           | ${"its type is no text"}
  ${'["x"]'}                                                           | ${"it is a list"}
  ${`{"value":"x","type":${"[".repeat(50_000)}${"]".repeat(50_000)}}`} | ${"it is as deep as can be"}
`("a role whose text is JSON stays that text if $because", ({ text }) => {
  for (const sent of [text, { value: text }, [text], [{ value: text }]]) {
    expect(readRoles(sent, at("roles"))).toBe(sent);
  }
});

test.each<{ value: Json }>`
  value
  ${[{ value: "Admin", display: "A", primary: true, type: "t" }]}
  ${[{ value: "Admin", display: "A", displayName: "B" }]}
  ${[{ value: "Admin", displayName: 7 }]}
  ${["Admin", null, 7, []]}
  ${null}
`("$value is left alone", ({ value }) => {
  expect(readRoles(value, at("roles"))).toBe(value);
});

test("what is not a user's roles is left alone, whatever it is called", () => {
  const json = ['{"value":"25"}'];
  expect(readRoles(json, at("emails"))).toBe(json);
  const words = attribute("roles", "Words.", { multiValued: true });
  expect(readRoles(json, words)).toBe(json);
});
