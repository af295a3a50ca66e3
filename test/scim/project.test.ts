import { expect, test } from "@jest/globals";
import * as fc from "fast-check";
import { isWanted, project, readProjection } from "../../lambdas/scim/project.ts";
import { groupType, userType } from "../../lambdas/scim/resource-types.ts";
import { enterpriseUserUrn, groupUrn, userUrn } from "../../lambdas/scim/urns.ts";

type Query = { attributes?: string; excludedAttributes?: string };

const always = { schemas: [userUrn, enterpriseUserUrn], id: "1" };
const rest = {
  userName: "u",
  name: { givenName: "G", familyName: "F" },
  emails: [{ value: "a", type: "work" }],
  [enterpriseUserUrn]: { department: "D", manager: { value: "m" } },
  meta: { resourceType: "User" },
};
const user = { ...always, ...rest, password: "secret", unknown: 1 };

test.each<Query & { shown: object }>`
  attributes                              | excludedAttributes                                           | shown
  ${undefined}                            | ${undefined}                                                 | ${rest}
  ${""}                                   | ${""}                                                        | ${rest}
  ${"userName"}                           | ${undefined}                                                 | ${{ userName: "u" }}
  ${"USERNAME, name.givenName"}           | ${undefined}                                                 | ${{ userName: "u", name: { givenName: "G" } }}
  ${"name.givenName,name"}                | ${undefined}                                                 | ${{ name: rest.name }}
  ${"emails.type"}                        | ${undefined}                                                 | ${{ emails: [{ type: "work" }] }}
  ${`${userUrn}:userName`}                | ${undefined}                                                 | ${{ userName: "u" }}
  ${enterpriseUserUrn}                    | ${undefined}                                                 | ${{ [enterpriseUserUrn]: rest[enterpriseUserUrn] }}
  ${`${enterpriseUserUrn}:manager.value`} | ${undefined}                                                 | ${{ [enterpriseUserUrn]: { manager: { value: "m" } } }}
  ${"ID"}                                 | ${undefined}                                                 | ${{}}
  ${"password,shoeSize,__proto__"}        | ${undefined}                                                 | ${{}}
  ${undefined}                            | ${`name,emails,meta,${enterpriseUserUrn},id,schemas`}        | ${{ userName: "u" }}
  ${undefined}                            | ${`name.givenName,emails,meta,${enterpriseUserUrn}:manager`} | ${{ userName: "u", name: { familyName: "F" }, [enterpriseUserUrn]: { department: "D" } }}
  ${"userName,name"}                      | ${"name.familyName"}                                         | ${{ userName: "u", name: { givenName: "G" } }}
`(
  "attributes=$attributes excludedAttributes=$excludedAttributes show $shown",
  ({ shown, ...query }) => {
    expect(project(user, userType, readProjection(query, userType))).toEqual({
      ...always,
      ...shown,
    });
  },
);

test.each<Query & { expected: boolean }>`
  attributes               | excludedAttributes   | expected
  ${undefined}             | ${undefined}         | ${true}
  ${undefined}             | ${"Members"}         | ${false}
  ${undefined}             | ${"members.display"} | ${true}
  ${"displayName"}         | ${undefined}         | ${false}
  ${"displayName,members"} | ${undefined}         | ${true}
  ${"members.value"}       | ${undefined}         | ${true}
  ${groupUrn}              | ${undefined}         | ${true}
  ${undefined}             | ${groupUrn}          | ${false}
`(
  "with attributes=$attributes excludedAttributes=$excludedAttributes members are read: $expected",
  ({ expected, ...query }) => {
    expect(isWanted(readProjection(query, groupType), "members")).toBe(expected);
  },
);

test("a password is never shown", () => {
  const names = fc
    .array(
      fc.constantFrom(
        "password",
        "PASSWORD",
        "userName",
        `${userUrn}:password`,
        userUrn,
        "name",
        "",
      ),
    )
    .map(String);
  const query = fc.record({
    attributes: fc.option(names, { nil: undefined }),
    excludedAttributes: fc.option(names, { nil: undefined }),
  });
  fc.assert(
    fc.property(query, (asked) => {
      expect(
        JSON.stringify(project(user, userType, readProjection(asked, userType))),
      ).not.toContain("secret");
    }),
  );
});
