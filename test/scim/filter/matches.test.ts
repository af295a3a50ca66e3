import { expect, test } from "@jest/globals";
import { matches } from "../../../lambdas/scim/filter/matches.ts";
import { parseFilter } from "../../../lambdas/scim/filter/parse.ts";
import { groupType, userType } from "../../../lambdas/scim/resource-types.ts";
import { enterpriseUserUrn, userUrn } from "../../../lambdas/scim/urns.ts";

const barbara = {
  schemas: [userUrn, enterpriseUserUrn],
  id: "2819C223-7f76",
  externalId: "BJensen",
  userName: "bjensen@example.com",
  name: { familyName: "Jensen", givenName: "Barbara" },
  displayName: "Bäbs Straße",
  active: true,
  emails: [
    { value: "bjensen@example.com", type: "work", primary: true },
    { value: "babs@jensen.org", type: "home" },
  ],
  roles: [{ value: "Admin", primary: true }],
  [enterpriseUserUrn]: { department: "Sales", manager: { value: "m-1" } },
  meta: { lastModified: "2026-01-31T08:00:00Z" },
};

test.each<{ filter: string; expected: boolean }>`
  filter                                                     | expected | because
  ${'userName eq "BJENSEN@example.com"'}                     | ${true}  | ${"userName is not caseExact"}
  ${'USERNAME eq "bjensen@example.com"'}                     | ${true}  | ${"names have no case"}
  ${'externalId eq "bjensen"'}                               | ${false} | ${"externalId is caseExact"}
  ${'externalId eq "BJensen"'}                               | ${true}  | ${"externalId is caseExact"}
  ${'id eq "2819c223-7f76"'}                                 | ${false} | ${"id is caseExact"}
  ${'displayName eq "BA\u0308BS STRASSE"'}                   | ${false} | ${"simple folding keeps ß one letter"}
  ${'displayName eq "BA\u0308BS STRAẞE"'}                    | ${true}  | ${"text is compared in NFC"}
  ${'emails.value eq "babs@jensen.org"'}                     | ${true}  | ${"one of several values is enough"}
  ${'emails eq "babs@jensen.org"'}                           | ${true}  | ${"a complex attribute is compared by its value"}
  ${'emails[type eq "work" and value eq "babs@jensen.org"]'} | ${false} | ${"brackets bind to one value"}
  ${'emails[type eq "home"].value eq "babs@jensen.org"'}     | ${true}  | ${"what follows the brackets is about the same value"}
  ${'emails[type eq "work"].value eq "babs@jensen.org"'}     | ${false} | ${"what follows the brackets is about the same value"}
  ${'emails[not (type eq "work")]'}                          | ${true}  | ${"another value is not of type work"}
  ${'active eq "True"'}                                      | ${true}  | ${"Entra writes booleans as strings"}
  ${"active eq false"}                                       | ${false} | ${"the user is active"}
  ${"active ne false"}                                       | ${true}  | ${"the user is active"}
  ${'roles[primary eq "True"].value eq "admin"'}             | ${true}  | ${"Entra writes booleans as strings"}
  ${`${enterpriseUserUrn}:manager eq "m-1"`}                 | ${true}  | ${"manager is compared by its value"}
  ${`${enterpriseUserUrn}:manager.value eq "m-1"`}           | ${true}  | ${"the dot of 2.0 is no separator"}
  ${`${enterpriseUserUrn}:department eq "sales"`}            | ${true}  | ${"an extension's attribute has its URN before it"}
  ${`${userUrn}:userName sw "BJ"`}                           | ${true}  | ${"the core URN may be written"}
  ${'name.familyName co "ens"'}                              | ${true}  | ${"co looks inside"}
  ${'name.familyName ew "SEN"'}                              | ${true}  | ${"ew looks at the end"}
  ${'name.familyName gt "Jensem"'}                           | ${true}  | ${"text has an order"}
  ${'meta.lastModified eq "2026-01-31T09:00:00+01:00"'}      | ${true}  | ${"times are compared as instants"}
  ${'meta.lastModified ge "2026-02-01T00:00:00Z"'}           | ${false} | ${"times are compared as instants"}
  ${'meta.lastModified sw "2026-01"'}                        | ${true}  | ${"a part of a time is text"}
  ${"title pr"}                                              | ${false} | ${"there is no title"}
  ${"emails pr"}                                             | ${true}  | ${"there are e-mails"}
  ${"name pr"}                                               | ${true}  | ${"the name has parts"}
  ${"title eq null"}                                         | ${true}  | ${"null means unassigned"}
  ${"userName ne null"}                                      | ${true}  | ${"null means unassigned"}
  ${'title ne "x"'}                                          | ${true}  | ${"no title is not x"}
  ${'not (title eq "x") and userName pr'}                    | ${true}  | ${"not turns around"}
  ${'title eq "x" or userName pr'}                           | ${true}  | ${"one of two is enough"}
  ${`schemas eq "${enterpriseUserUrn}"`}                     | ${true}  | ${"a list of strings has such a string"}
  ${"externalId eq 12"}                                      | ${false} | ${"a number is compared as text"}
`("$filter is $expected: $because", ({ filter, expected }) => {
  expect(matches(parseFilter(filter), barbara, userType)).toBe(expected);
});

test("a group is found by a member's id", () => {
  const group = { displayName: "G", members: [{ value: "u1" }, { value: "u2" }] };
  expect(matches(parseFilter('members eq "u2"'), group, groupType)).toBe(true);
  expect(
    matches(parseFilter('displayName eq "g" and members.value eq "u3"'), group, groupType),
  ).toBe(false);
});

test.each<{ filter: string }>`
  filter                           | because
  ${'shoeSize eq "9"'}             | ${"there is no such attribute"}
  ${'__proto__ eq "9"'}            | ${"there is no such attribute"}
  ${'constructor eq "9"'}          | ${"there is no such attribute"}
  ${'manager eq "m-1"'}            | ${"the extension's attributes have its URN before them"}
  ${"userName pr or shoeSize pr"}  | ${"an unknown attribute is refused even where the rest decides"}
  ${'emails[shoeSize eq "9"]'}     | ${"there is no such sub-attribute"}
  ${'password sw "a"'}             | ${"a password cannot be guessed"}
  ${"active gt true"}              | ${"booleans have no order"}
  ${'active eq "yes"'}             | ${"that is no boolean"}
  ${'name eq "x"'}                 | ${"a name has no value of its own"}
  ${'meta.created gt "yesterday"'} | ${"that is no time"}
  ${"userName gt null"}            | ${"null has no order"}
  ${'x509Certificates co "a"'}     | ${"binary can only be equal"}
`("$filter is answered invalidFilter: $because", ({ filter }) => {
  expect(() => matches(parseFilter(filter), barbara, userType)).toThrow(
    expect.objectContaining({ status: 400, scimType: "invalidFilter" }),
  );
});
