import { expect, test } from "@jest/globals";
import { withCustomExtensions } from "../../lambdas/entra/custom-extensions.ts";
import { normalisePatch } from "../../lambdas/entra/normalise-patch.ts";
import { toleranceOf } from "../../lambdas/entra/tolerance.ts";
import type { Json, JsonObject } from "../../lambdas/scim/json.ts";
import { applyPatch } from "../../lambdas/scim/patch/apply.ts";
import { splitMembership } from "../../lambdas/scim/patch/membership.ts";
import { readOperations } from "../../lambdas/scim/patch/read.ts";
import { groupType, userType } from "../../lambdas/scim/resource-types.ts";
import { enterpriseUserUrn, groupUrn, patchOpUrn, userUrn } from "../../lambdas/scim/urns.ts";

const custom = "urn:ietf:params:scim:schemas:extension:Contoso:2.0:User";
const work = { type: "work", value: "w@x" };

const joy: JsonObject = {
  schemas: [userUrn],
  id: "u-1",
  userName: "joy",
  displayName: "Joy",
  active: true,
  name: { givenName: "Joy", familyName: "Young" },
  emails: [work],
};
const withManager = (manager: Json, ...more: readonly (readonly [string, Json])[]): JsonObject => ({
  ...joy,
  schemas: [userUrn, enterpriseUserUrn],
  [enterpriseUserUrn]: { manager, ...Object.fromEntries(more) },
});

function patch(before: JsonObject, ...operations: readonly Json[]): JsonObject {
  const body = { schemas: [patchOpUrn], Operations: operations };
  const type = withCustomExtensions(userType, before, body);
  return applyPatch(before, toleranceOf("entra").operations(body, type), type);
}

const enterprise = (values: object) => ({
  schemas: [userUrn, enterpriseUserUrn],
  [enterpriseUserUrn]: values,
});

test.each<{ operation: Json; changed: object }>`
  operation                                                                                                       | changed
  ${{ op: "Replace", path: "displayName", value: "J" }}                                                           | ${{ displayName: "J" }}
  ${{ op: "Add", path: "nickName", value: "J" }}                                                                  | ${{ nickName: "J" }}
  ${{ op: "add", path: "TITLE", value: "J" }}                                                                     | ${{ title: "J" }}
  ${{ op: "replace", value: { displayName: "J" } }}                                                               | ${{ displayName: "J" }}
  ${{ op: "replace", path: "", value: { displayName: "J" } }}                                                     | ${{ displayName: "J" }}
  ${{ op: "Replace", path: `${userUrn}:title`, value: "J" }}                                                      | ${{ title: "J" }}
  ${{ op: "Replace", path: "active", value: "False" }}                                                            | ${{ active: false }}
  ${{ op: "replace", path: "active", value: false }}                                                              | ${{ active: false }}
  ${{ op: "replace", value: { Active: "False" } }}                                                                | ${{ active: false }}
  ${{ op: "Replace", path: "name.familyName", value: "Y" }}                                                       | ${{ name: { givenName: "Joy", familyName: "Y" } }}
  ${{ op: "replace", value: { "name.givenName": "J", "name.familyName": "Y" } }}                                  | ${{ name: { givenName: "J", familyName: "Y" } }}
  ${{ op: "Replace", path: 'emails[type eq "work"].value', value: "n@x" }}                                        | ${{ emails: [{ type: "work", value: "n@x" }] }}
  ${{ op: "Replace", path: 'emails[type eq "home"].value', value: "n@x" }}                                        | ${{ emails: [work, { type: "home", value: "n@x" }] }}
  ${{ op: "Add", path: 'emails[type eq "other"].Value', value: "n@x" }}                                           | ${{ emails: [work, { type: "other", value: "n@x" }] }}
  ${{ op: "Add", path: 'emails[type eq "work"].display', value: "W" }}                                            | ${{ emails: [{ ...work, display: "W" }] }}
  ${{ op: "Add", path: 'emails[type eq "work"].primary', value: "True" }}                                         | ${{ emails: [{ ...work, primary: true }] }}
  ${{ op: "replace", value: { 'emails[type eq "work"].value': "n@x" } }}                                          | ${{ emails: [{ type: "work", value: "n@x" }] }}
  ${{ op: "replace", path: "emails", value: [{ value: "n@x", primary: "True" }] }}                                | ${{ emails: [{ value: "n@x", primary: true }] }}
  ${{ op: "replace", path: 'emails[type eq "work"]', value: { value: "n@x" } }}                                   | ${{ emails: [{ type: "work", value: "n@x" }] }}
  ${{ op: "Add", path: 'phoneNumbers[type eq "fax"].value', value: "+44" }}                                       | ${{ phoneNumbers: [{ type: "fax", value: "+44" }] }}
  ${{ op: "Replace", path: `${enterpriseUserUrn}:department`, value: "D" }}                                       | ${enterprise({ department: "D" })}
  ${{ op: "Replace", path: "department", value: "D" }}                                                            | ${enterprise({ department: "D" })}
  ${{ op: "replace", value: { department: "D", title: "T" } }}                                                    | ${{ title: "T", ...enterprise({ department: "D" }) }}
  ${{ op: "Add", path: `${custom}:Shoe`, value: "9" }}                                                            | ${{ schemas: [userUrn, custom], [custom]: { Shoe: "9" } }}
  ${{ op: "replace", value: { [`${custom}:Shoe`]: "9" } }}                                                        | ${{ schemas: [userUrn, custom], [custom]: { Shoe: "9" } }}
  ${{ op: "add", value: { [custom]: { Shoe: "9", size: 9 } } }}                                                   | ${{ schemas: [userUrn, custom], [custom]: { Shoe: "9" } }}
  ${{ op: "Add", path: `${enterpriseUserUrn}:manager`, value: "m" }}                                              | ${enterprise({ manager: { value: "m" } })}
  ${{ op: "replace", path: `${enterpriseUserUrn}:manager`, value: "m" }}                                          | ${enterprise({ manager: { value: "m" } })}
  ${{ op: "add", path: `${enterpriseUserUrn}:manager`, value: { value: "m" } }}                                   | ${enterprise({ manager: { value: "m" } })}
  ${{ op: "Add", path: "manager", value: [{ $ref: "/Users/m", value: "m" }] }}                                    | ${enterprise({ manager: { $ref: "/Users/m", value: "m" } })}
  ${{ op: "replace", value: { [`${enterpriseUserUrn}:manager`]: "m" } }}                                          | ${enterprise({ manager: { value: "m" } })}
  ${{ op: "Add", path: "roles", value: [{ value: '{"id":"06b0","value":"25","displayName":"Role1234"}' }] }}      | ${{ roles: [{ value: "25", display: "Role1234" }] }}
  ${{ op: "Add", path: 'roles[primary eq "True"].value', value: "Admin" }}                                        | ${{ roles: [{ primary: true, value: "Admin" }] }}
  ${{ op: "Replace", path: "roles[primary eq true].value", value: "Admin" }}                                      | ${{ roles: [{ primary: true, value: "Admin" }] }}
  ${{ op: "replace", path: "roles", value: [{ primary: false, type: "t", displayName: "User", value: "User" }] }} | ${{ roles: [{ primary: false, type: "t", display: "User", value: "User" }] }}
  ${{ op: "replace", path: "name.givenName", value: "" }}                                                         | ${{ name: { familyName: "Young" } }}
  ${{ op: "replace", value: { "name.givenName": null } }}                                                         | ${{ name: { familyName: "Young" } }}
  ${{ op: "add", path: "emails", value: [{ type: "home", value: "" }, { type: "other", value: "o@x" }] }} | ${{ emails: [work, { type: "other", value: "o@x" }] }}
`("$operation is understood as $changed", ({ operation, changed }) => {
  expect(patch(joy, operation)).toEqual({ ...joy, ...changed });
});

test.each<{ operation: Json; gone: string }>`
  operation                                                                  | gone
  ${{ op: "replace", path: "displayName", value: "" }}                       | ${"displayName"}
  ${{ op: "Remove", path: "displayName", value: "something else" }}          | ${"displayName"}
  ${{ op: "replace", path: 'emails[type eq "work"].value', value: "" }}      | ${"emails"}
  ${{ op: "replace", path: 'emails[type eq "work"].value', value: null }}    | ${"emails"}
  ${{ op: "Remove", path: 'emails[type eq "work"].value', value: "x" }}      | ${"emails"}
  ${{ op: "Remove", path: "emails", value: [{ value: "w@x" }] }}             | ${"emails"}
  ${{ op: "Remove", path: "emails", value: "w@x" }}                          | ${"emails"}
  ${{ op: "replace", path: "emails", value: [{ type: "work", value: "" }] }} | ${"emails"}
`("$operation leaves no $gone", ({ operation, gone }) => {
  const left = Object.entries(joy).filter(([name]) => name !== gone);
  expect(patch(joy, operation)).toEqual(Object.fromEntries(left));
});

test.each<{ because: string; operation: Json }>`
  because                             | operation
  ${"an attribute nobody knows"}      | ${{ op: "Add", path: "shoeSize", value: "9" }}
  ${"a sub-attribute nobody knows"}   | ${{ op: "Add", path: 'addresses[type eq "work"].shoe', value: "9" }}
  ${"a filter nobody knows"}          | ${{ op: "Add", path: 'emails[shoe eq "work"].value', value: "9" }}
  ${"a schema nobody knows"}          | ${{ op: "Add", path: `${userUrn}:shoeSize`, value: "9" }}
  ${"an extension's unknown"}         | ${{ op: "Add", path: `${enterpriseUserUrn}:shoeSize`, value: "9" }}
  ${"unknown names in a map"}         | ${{ op: "add", value: { "shoe size": 1, "a.b.c": 2, __proto__: 3, constructor: 4 } }}
  ${"the id in a map"}                | ${{ op: "replace", value: { id: "other", meta: {}, schemas: ["x"], groups: [] } }}
  ${"removing an e-mail unnamed"}     | ${{ op: "Remove", path: "emails", value: "" }}
  ${"adding no e-mail"}               | ${{ op: "Add", path: "emails", value: null }}
  ${"an active that is empty"}        | ${{ op: "Replace", path: "active", value: "" }}
  ${"an empty active in a map"}       | ${{ op: "replace", value: { active: "" } }}
  ${"another kind's schema"}          | ${{ op: "add", value: { [groupUrn]: { displayName: "G" } } }}
  ${"an unknown that cannot be read"} | ${{ op: "add", path: "shoes[type eq", value: "9" }}
  ${"a custom name with a dot"}       | ${{ op: "Add", path: `${custom}:shoe.size`, value: "9" }}
  ${"a custom name with a space"}     | ${{ op: "Add", path: `${custom}:Shoe Size`, value: "9" }}
  ${"a custom name with a bracket"}   | ${{ op: "Add", path: `${custom}:Shoe[`, value: "9" }}
  ${"schemas as a path"}              | ${{ op: "replace", path: "schemas", value: [custom] }}
  ${"an empty map"}                   | ${{ op: "replace", value: {} }}
  ${"a custom value that is no text"} | ${{ op: "add", path: `${custom}:Shoe`, value: 9 }}
  ${"a custom value that is absent"}  | ${{ op: "remove", path: `${custom}:Shoe` }}
  ${"the removal of what is absent"}  | ${{ op: "remove", path: 'phoneNumbers[type eq "fax"].value' }}
  ${"the clearing of what is absent"} | ${{ op: "replace", path: 'phoneNumbers[type eq "fax"].value', value: "" }}
  ${"an absent manager's removal"}    | ${{ op: "remove", path: 'manager[value eq "x"]' }}
  ${"an absent manager's clearing"}   | ${{ op: "replace", path: `${enterpriseUserUrn}:manager`, value: { value: "" } }}
  ${"userName, which must remain"}    | ${{ op: "remove", path: "userName" }}
  ${"userName, cleared"}              | ${{ op: "replace", path: "userName", value: "" }}
  ${"a value that is there already"}  | ${{ op: "Add", path: "emails", value: [{ value: "w@x", type: "work" }] }}
`("$because changes nothing and fails nothing", ({ operation }) => {
  expect(patch(joy, operation)).toBe(joy);
  expect(patch(joy, operation, { op: "replace", path: "title", value: "T" })).toMatchObject({
    title: "T",
  });
});

test.each<{ operation: Json }>`
  operation
  ${{ op: "replace", path: `${enterpriseUserUrn}:manager`, value: "" }}
  ${{ op: "replace", path: `${enterpriseUserUrn}:manager`, value: null }}
  ${{ op: "replace", path: `${enterpriseUserUrn}:manager`, value: { value: "" } }}
  ${{ op: "replace", path: `${enterpriseUserUrn}:manager`, value: { value: null } }}
  ${{ op: "replace", value: { [`${enterpriseUserUrn}:manager`]: "" } }}
  ${{ op: "remove", path: 'manager[value eq "m"]' }}
  ${{ op: "remove", path: `${enterpriseUserUrn}:manager[value eq "m"]` }}
  ${{ op: "remove", path: "manager" }}
  ${{ op: "remove", path: `${enterpriseUserUrn}:manager`, value: "m" }}
  ${{ op: "remove", path: `${enterpriseUserUrn}:manager.value` }}
`("$operation takes the manager away", ({ operation }) => {
  expect(patch(withManager({ value: "m" }), operation)).toEqual(joy);
});

test("another manager leaves nothing of the old one", () => {
  const before = withManager({ value: "m", $ref: "/Users/m" }, ["department", "D"]);
  const after = patch(before, { op: "replace", path: `${enterpriseUserUrn}:manager`, value: "n" });
  expect(after).toEqual(withManager({ value: "n" }, ["department", "D"]));
});

test.each<{ operation: Json; manager: Json }>`
  operation                                                                         | manager
  ${{ op: "replace", path: `${enterpriseUserUrn}:manager.value`, value: "n" }}      | ${{ value: "n" }}
  ${{ op: "Add", path: "manager.value", value: "n" }}                               | ${{ value: "n" }}
  ${{ op: "replace", value: { [`${enterpriseUserUrn}:manager.value`]: "n" } }}      | ${{ value: "n" }}
  ${{ op: "replace", path: 'manager[value eq "m"].value', value: "n" }}             | ${{ value: "n" }}
  ${{ op: "replace", path: 'manager[value eq "m"]', value: { value: "n" } }}        | ${{ value: "n" }}
  ${{ op: "replace", path: 'manager[value eq "x"]', value: { value: "n" } }}        | ${{ value: "n" }}
  ${{ op: "replace", path: `${enterpriseUserUrn}:manager.value`, value: "" }}       | ${undefined}
  ${{ op: "remove", path: `${enterpriseUserUrn}:manager.value` }}                   | ${undefined}
  ${{ op: "remove", path: `${enterpriseUserUrn}:manager[value eq "m"].value` }}     | ${undefined}
  ${{ op: "remove", path: `${enterpriseUserUrn}:manager[value eq "m"]` }}           | ${undefined}
  ${{ op: "remove", path: `${enterpriseUserUrn}:manager[value eq "x"].value` }}     | ${{ value: "m", $ref: "/Users/m" }}
  ${{ op: "replace", path: `${enterpriseUserUrn}:manager`, value: { $ref: "/m" } }} | ${{ value: "m", $ref: "/m" }}
`(
  "$operation leaves the manager $manager, without what was the old one's",
  ({ operation, manager }) => {
    const before = withManager({ value: "m", $ref: "/Users/m" }, ["department", "D"]);
    const after = patch(before, operation);
    expect(after[enterpriseUserUrn]).toEqual({ department: "D", ...(manager && { manager }) });
  },
);

test("a custom attribute is not changed by an unknown attribute of its name, nor by brackets behind it", () => {
  const before = { ...joy, schemas: [userUrn, custom], [custom]: { Shoe: "9" } };
  for (const path of [
    "Shoe",
    `${custom}:Shoe.size`,
    `${custom}:Shoe[value eq "9"]`,
    `${custom}:Shoe[`,
  ]) {
    expect(patch(before, { op: "replace", path, value: "x" })).toBe(before);
    expect(patch(before, { op: "replace", value: { [path]: "x" } })).toBe(before);
    expect(patch(before, { op: "remove", path })).toBe(before);
  }
});

test("a filter that does not fit removes no manager", () => {
  const before = withManager({ value: "m" });
  expect(patch(before, { op: "remove", path: 'manager[value eq "n"]' })).toBe(before);
});

test("all parts of an address land in one", () => {
  const parts = ["formatted", "streetAddress", "locality", "region", "postalCode", "country"];
  const operations = parts.map((part) => ({
    op: "Replace",
    path: `addresses[type eq "work"].${part}`,
    value: part,
  }));
  const address = Object.fromEntries(parts.map((part) => [part, part]));
  expect(patch(joy, ...operations)).toEqual({ ...joy, addresses: [{ type: "work", ...address }] });
});

test("one role takes the place of another, and there is one primary at most", () => {
  const before = { ...joy, roles: [{ value: "User", primary: true }] };
  const replaced = patch(before, {
    op: "Add",
    path: 'roles[primary eq "True"].value',
    value: "Admin",
  });
  expect(replaced["roles"]).toEqual([{ value: "Admin", primary: true }]);
  const added = patch(before, {
    op: "Add",
    path: "roles",
    value: [
      { value: "Admin", primary: "True" },
      { value: "X", primary: "True" },
    ],
  });
  expect(added["roles"]).toEqual([
    { value: "User", primary: false },
    { value: "Admin", primary: true },
    { value: "X", primary: false },
  ]);
});

test("everything that Microsoft clears is cleared by an empty string, and once more by null", () => {
  const paths = [
    "title",
    "name.formatted",
    'emails[type eq "work"].value',
    'addresses[type eq "work"].formatted',
    `${enterpriseUserUrn}:department`,
    `${enterpriseUserUrn}:manager`,
    "profileUrl",
    "locale",
    'roles[primary eq "True"].value',
  ];
  const full = patch(joy, ...paths.map((path) => ({ op: "Add", path, value: "x" })));
  const cleared = patch(full, ...paths.map((path) => ({ op: "replace", path, value: "" })));
  expect(Object.keys(cleared).toSorted()).toEqual([
    "active",
    "displayName",
    "id",
    "name",
    "schemas",
    "userName",
  ]);
  expect(patch(cleared, ...paths.map((path) => ({ op: "replace", path, value: null })))).toBe(
    cleared,
  );
});

test.each<{ operation: Json; scimType: string }>`
  operation                                                 | scimType
  ${{ op: "move", path: "title", value: "x" }}              | ${"invalidSyntax"}
  ${{ op: "replace", path: 'emails[type eq "work".value' }} | ${"invalidPath"}
  ${{ op: "replace", path: "active", value: "perhaps" }}    | ${"invalidValue"}
  ${{ op: "replace", path: "title", value: { a: 1 } }}      | ${"invalidValue"}
  ${{ op: "remove" }}                                       | ${"noTarget"}
  ${"nonsense"}                                             | ${"invalidSyntax"}
`("$operation is still answered $scimType", ({ operation, scimType }) => {
  expect(() => patch(joy, operation)).toThrow(expect.objectContaining({ status: 400, scimType }));
});

test.each([
  { op: "replace", path: "groups", value: [{ value: "g" }] },
  { op: "Add", path: "id", value: "x" },
  { op: "remove", path: "meta.version" },
  { op: "replace", path: `${enterpriseUserUrn}:manager.displayName`, value: "x" },
])("$op of $path, which the service sets, is left out, and the rest is done", (operation) => {
  const title = { op: "replace", path: "title", value: "x" };
  expect(patch(joy, operation, title)).toEqual(patch(joy, title));
});

test("what is no PatchOp at all is left for the core to refuse", () => {
  for (const body of [undefined, null, 1, "x", [], {}, { Operations: 1 }]) {
    expect(() => readOperations(normalisePatch(body, userType))).toThrow(
      expect.objectContaining({ status: 400 }),
    );
  }
});

const group = { schemas: [groupUrn], id: "g-1", displayName: "G", externalId: "e" };

function patchGroup(...operations: readonly Json[]) {
  const body = { schemas: [patchOpUrn], Operations: operations };
  const { attributes, membership } = splitMembership(
    readOperations(normalisePatch(body, groupType)),
    groupType,
  );
  return { after: applyPatch(group, attributes, groupType), membership };
}

test.each<{ operation: Json; membership: object }>`
  operation                                                                           | membership
  ${{ op: "Add", path: "members", value: [{ $ref: null, value: "a" }] }}              | ${{ kind: "update", add: ["a"], remove: [] }}
  ${{ op: "Remove", path: "members", value: [{ $ref: null, value: "a" }] }}           | ${{ kind: "update", add: [], remove: ["a"] }}
  ${{ op: "Remove", path: "members", value: [{ value: "2392066" }] }}                 | ${{ kind: "update", add: [], remove: ["2392066"] }}
  ${{ op: "remove", path: 'members[value eq "7f4b"]' }}                               | ${{ kind: "update", add: [], remove: ["7f4b"] }}
  ${{ name: "addMember", op: "add", path: "members", value: "string id 1" }}          | ${{ kind: "update", add: ["string id 1"], remove: [] }}
  ${{ op: "add", path: "members", value: [{ displayName: "new User", value: "a" }] }} | ${{ kind: "update", add: ["a"], remove: [] }}
  ${{ op: "replace", path: "members", value: [{ value: "a" }, { value: "b" }] }}      | ${{ kind: "replace", members: ["a", "b"] }}
  ${{ op: "remove", path: "members" }}                                                | ${{ kind: "replace", members: [] }}
  ${{ op: "replace", path: "members", value: null }}                                  | ${{ kind: "replace", members: [] }}
  ${{ op: "replace", path: "members", value: [] }}                                    | ${{ kind: "replace", members: [] }}
  ${{ op: "replace", path: "members", value: [{ value: "a" }, { value: "" }] }}       | ${{ kind: "replace", members: ["a"] }}
  ${{ op: "add", value: { members: [{ value: "a" }] } }}                              | ${{ kind: "update", add: ["a"], remove: [] }}
  ${{ op: "add", value: { [`${groupUrn}:members`]: [{ value: "a" }] } }}              | ${{ kind: "update", add: ["a"], remove: [] }}
`("$operation changes the members and nothing else", ({ operation, membership }) => {
  expect(patchGroup(operation)).toEqual({ after: group, membership });
});

test.each<{ operation: Json; changed: object }>`
  operation                                                         | changed
  ${{ op: "Replace", path: "displayName", value: "H" }}             | ${{ displayName: "H" }}
  ${{ op: "replace", value: { displayName: "H" } }}                 | ${{ displayName: "H" }}
  ${{ op: "replace", value: { id: "g-1", displayName: "H" } }}      | ${{ displayName: "H" }}
  ${{ op: "Replace", path: "externalId", value: "f" }}              | ${{ externalId: "f" }}
  ${{ op: "replace", value: { externalId: "f" } }}                  | ${{ externalId: "f" }}
  ${{ op: "replace", path: "displayName", value: "" }}              | ${{}}
  ${{ op: "Replace", path: "members", value: "" }}                  | ${{}}
  ${{ op: "Remove", path: "members", value: "" }}                   | ${{}}
  ${{ op: "Remove", path: "members", value: [{ value: "" }] }}      | ${{}}
  ${{ op: "replace", value: { members: "", externalId: "f" } }}     | ${{ externalId: "f" }}
  ${{ op: "replace", value: { [userUrn]: { displayName: "H" } } }}  | ${{}}
  ${{ op: "replace", value: { [groupUrn]: { displayName: "H" } } }} | ${{ displayName: "H" }}
  ${{ op: "replace", value: { schemas: [userUrn] } }}               | ${{}}
  ${{ op: "replace", path: "schemas", value: [userUrn] }}           | ${{}}
`("$operation leaves the members alone", ({ operation, changed }) => {
  expect(patchGroup(operation)).toEqual({ after: { ...group, ...changed }, membership: undefined });
});
