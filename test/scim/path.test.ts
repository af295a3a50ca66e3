import { expect, test } from "@jest/globals";
import { parsePath, printPath } from "../../lambdas/scim/path.ts";
import { groupType, userType } from "../../lambdas/scim/resource-types.ts";
import type { ResourceType } from "../../lambdas/scim/schema.ts";
import { enterpriseUserUrn, groupUrn, userUrn } from "../../lambdas/scim/urns.ts";

test.each<{ path: string; type: ResourceType; printed: string }>`
  path                                            | type         | printed
  ${"userName"}                                   | ${userType}  | ${"userName"}
  ${"USERNAME"}                                   | ${userType}  | ${"userName"}
  ${"Name.GivenName"}                             | ${userType}  | ${"name.givenName"}
  ${'emails[type eq "work"]'}                     | ${userType}  | ${"emails"}
  ${'emails[type eq "a]b"].Value'}                | ${userType}  | ${"emails.value"}
  ${`${userUrn}:name.familyName`}                 | ${userType}  | ${"name.familyName"}
  ${`${userUrn}:emails[primary eq true].value`}   | ${userType}  | ${"emails.value"}
  ${enterpriseUserUrn}                            | ${userType}  | ${enterpriseUserUrn}
  ${`${enterpriseUserUrn.toUpperCase()}:MANAGER`} | ${userType}  | ${`${enterpriseUserUrn}:manager`}
  ${`${enterpriseUserUrn}:manager.value`}         | ${userType}  | ${`${enterpriseUserUrn}:manager.value`}
  ${`${enterpriseUserUrn}:manager[value eq "x"]`} | ${userType}  | ${`${enterpriseUserUrn}:manager`}
  ${`${groupUrn}:members[value eq "x"]`}          | ${groupType} | ${"members"}
`("$path leads to $printed", ({ path, type, printed }) => {
  expect(printPath(parsePath(path, type))).toBe(printed);
});

test.each([
  "shoeSize",
  "",
  " ",
  "name.shoeSize",
  "name.givenName.x",
  "emails[type eq",
  'emails[shoeSize eq "9"]',
  'emails[type eq "work"]value',
  'emails[type eq "work"].shoeSize',
  'emails.value[type eq "work"]',
  `${enterpriseUserUrn}[department eq "x"]`,
  `${enterpriseUserUrn}[department eq "x"].department`,
  `${enterpriseUserUrn}.department`,
  `${enterpriseUserUrn}:`,
  'emails[type eq "work"] x',
  "manager",
  userUrn,
  `${userUrn}.userName`,
  "urn:example:unknown:userName",
  "__proto__",
  "constructor.name",
  "userName eq",
  '"userName"',
])("the path %s is answered invalidPath", (path) => {
  expect(() => parsePath(path, userType)).toThrow(
    expect.objectContaining({ status: 400, scimType: "invalidPath" }),
  );
});
