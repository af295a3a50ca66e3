import { expect, test } from "@jest/globals";
import { dropEmptyMembers } from "../../lambdas/entra/empty-members.ts";
import { groupType } from "../../lambdas/scim/resource-types.ts";
import { aim, type Short, short } from "./aim.ts";

test.each<{ sent: Short }>`
  sent
  ${["replace", "members", ""]}
  ${["add", "members", ""]}
  ${["remove", "members", ""]}
  ${["replace", "members", { value: "" }]}
  ${["replace", "members", [""]]}
  ${["remove", "members", [{ $ref: null, VALUE: "" }, ""]]}
  ${["replace", 'members[value eq "a"]', ""]}
`("$sent names nobody and so changes nobody", ({ sent }) => {
  expect(dropEmptyMembers(aim(sent, groupType))).toEqual([]);
});

test("those who are named beside an empty string are understood", () => {
  const sent: Short = ["replace", "members", [{ value: "a" }, "", { value: "" }, "b"]];
  const made: Short = ["replace", "members", [{ value: "a" }, "b"]];
  expect(short(dropEmptyMembers(aim(sent, groupType)))).toEqual([made]);
});

test.each<{ sent: Short }>`
  sent
  ${["remove", "members"]}
  ${["remove", "members", null]}
  ${["replace", "members", null]}
  ${["replace", "members", []]}
  ${["replace", "members", [{ value: "a", $ref: null }]]}
  ${["add", "members", "a"]}
  ${["add", "members", [7]]}
  ${["remove", 'members[value eq "a"]']}
  ${["remove", 'members[value eq "a"]', ""]}
  ${["add", 'members[value eq "a"]', {}]}
  ${["replace", "members.value", ""]}
`("$sent is left alone", ({ sent }) => {
  const operation = aim(sent, groupType);
  expect(dropEmptyMembers(operation)[0]).toBe(operation);
});
