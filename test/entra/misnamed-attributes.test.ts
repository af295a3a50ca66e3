import { expect, test } from "@jest/globals";
import { withCustomExtensions } from "../../lambdas/entra/custom-extensions.ts";
import { correctName, correctNames } from "../../lambdas/entra/misnamed-attributes.ts";
import { groupType, userType } from "../../lambdas/scim/resource-types.ts";
import { enterpriseUserUrn, groupUrn, userUrn } from "../../lambdas/scim/urns.ts";

const custom = "urn:ietf:params:scim:schemas:extension:Contoso:2.0:User";
const mistyped = "urn:ietf:params:scim:schemas:extension:enterprise:2.0User";

test.each<{ sent: string; meant: string }>`
  sent                                 | meant
  ${"department"}                      | ${`${enterpriseUserUrn}:department`}
  ${"DEPARTMENT"}                      | ${`${enterpriseUserUrn}:DEPARTMENT`}
  ${"manager.value"}                   | ${`${enterpriseUserUrn}:manager.value`}
  ${'manager[value eq "m"]'}           | ${`${enterpriseUserUrn}:manager[value eq "m"]`}
  ${'manager [value eq "m"]'}          | ${`${enterpriseUserUrn}:manager [value eq "m"]`}
  ${`${mistyped}:department`}          | ${`${enterpriseUserUrn}:department`}
  ${mistyped.toLowerCase()}            | ${enterpriseUserUrn}
  ${`${enterpriseUserUrn}.department`} | ${`${enterpriseUserUrn}:department`}
  ${`${mistyped}.department`}          | ${`${enterpriseUserUrn}:department`}
  ${`${userUrn}.title`}                | ${`${userUrn}:title`}
  ${" title "}                         | ${"title"}
`("by $sent is meant $meant", ({ sent, meant }) => {
  expect(correctName(sent, userType)).toBe(meant);
});

test.each<{ name: string }>`
  name
  ${"title"}
  ${"name.givenName"}
  ${'emails[type eq "work"].value'}
  ${`${userUrn}:title`}
  ${`${enterpriseUserUrn}:department`}
  ${`${enterpriseUserUrn}:shoeSize`}
  ${enterpriseUserUrn}
  ${`${custom}:Shoe`}
  ${"shoeSize"}
  ${"department.x"}
  ${"__proto__"}
  ${"[["}
  ${""}
`("$name is left alone", ({ name }) => {
  expect(correctName(name, userType)).toBe(name);
});

test("an unknown name is not taken for a custom attribute of the same name", () => {
  const type = withCustomExtensions(userType, { [custom]: { Shoe: "9" } });
  expect(correctName("Shoe", type)).toBe("Shoe");
  expect(correctName("department", type)).toBe(`${enterpriseUserUrn}:department`);
});

test("a group has none of a user's extensions", () => {
  expect(correctName("department", groupType)).toBe("department");
  expect(correctName(`${groupUrn}.displayName`, groupType)).toBe(`${groupUrn}:displayName`);
});

test("in a list each name is corrected", () => {
  expect(correctNames("title, department", userType)).toBe(`title,${enterpriseUserUrn}:department`);
  expect(correctNames("title,userName", userType)).toBe("title,userName");
});
