import { expect, test } from "@jest/globals";
import { equalityLookup } from "../../../lambdas/scim/filter/lookup.ts";
import { parseFilter } from "../../../lambdas/scim/filter/parse.ts";
import { groupType, userType } from "../../../lambdas/scim/resource-types.ts";
import type { ResourceType } from "../../../lambdas/scim/schema.ts";
import { userUrn } from "../../../lambdas/scim/urns.ts";

test.each<{ filter: string; type: ResourceType; attribute: string; value: string }>`
  filter                                                 | type         | attribute          | value
  ${'userName eq "a"'}                                   | ${userType}  | ${"userName"}      | ${"a"}
  ${`${userUrn}:USERNAME eq "a"`}                        | ${userType}  | ${"userName"}      | ${"a"}
  ${"externalId eq 12"}                                  | ${userType}  | ${"externalId"}    | ${"12"}
  ${'id eq "x" and externalId eq "y"'}                   | ${userType}  | ${"id"}            | ${"x"}
  ${'title pr and (userName eq "a" and active eq true)'} | ${userType}  | ${"userName"}      | ${"a"}
  ${'emails[type eq "work"].value eq "a@x"'}             | ${userType}  | ${"emails.value"}  | ${"a@x"}
  ${'emails[type eq "work" and value eq "a@x"]'}         | ${userType}  | ${"emails.value"}  | ${"a@x"}
  ${'emails.value eq "a@x"'}                             | ${userType}  | ${"emails.value"}  | ${"a@x"}
  ${'emails eq "a@x"'}                                   | ${userType}  | ${"emails.value"}  | ${"a@x"}
  ${'displayName eq "G"'}                                | ${groupType} | ${"displayName"}   | ${"G"}
  ${'externalId eq "G"'}                                 | ${groupType} | ${"externalId"}    | ${"G"}
  ${'members.value eq "u"'}                              | ${groupType} | ${"members.value"} | ${"u"}
  ${'MEMBERS eq "u"'}                                    | ${groupType} | ${"members.value"} | ${"u"}
  ${'members[value eq "u" and type eq "User"]'}          | ${groupType} | ${"members.value"} | ${"u"}
  ${'members eq "u" and displayName eq "G"'}             | ${groupType} | ${"displayName"}   | ${"G"}
  ${'groups.value eq "g"'}                               | ${userType}  | ${"groups.value"}  | ${"g"}
  ${'groups eq "g" and emails eq "a@x"'}                 | ${userType}  | ${"emails.value"}  | ${"a@x"}
  ${'id eq "g" and members eq "u"'}                      | ${groupType} | ${"id"}            | ${"g"}
`("$filter is looked up by $attribute", ({ filter, type, attribute, value }) => {
  expect(equalityLookup(parseFilter(filter), type)).toEqual({ attribute, value });
});

test.each<{ filter: string; type: ResourceType }>`
  filter                                  | type
  ${'displayName eq "a"'}                 | ${userType}
  ${'userName eq "a"'}                    | ${groupType}
  ${'userName eq "a" or userName eq "b"'} | ${userType}
  ${'not (userName eq "a")'}              | ${userType}
  ${'userName sw "a"'}                    | ${userType}
  ${"userName eq null"}                   | ${userType}
  ${'emails[not (value eq "a")]'}         | ${userType}
  ${'emails.type eq "work"'}              | ${userType}
  ${'members eq "u"'}                     | ${userType}
  ${'members.type eq "User"'}             | ${groupType}
  ${'not (members eq "u")'}               | ${groupType}
`("$filter is not looked up", ({ filter, type }) => {
  expect(equalityLookup(parseFilter(filter), type)).toBeUndefined();
});
