import { expect, test } from "@jest/globals";
import { createGroupBody, createUserBody } from "../../simulator/bodies-create.ts";
import { type Dialect, dialectOf } from "../../simulator/dialect.ts";
import type { Change } from "../../simulator/diff.ts";
import { enterpriseUrn, type RoleMapping } from "../../simulator/mapping.ts";
import { parseTarget } from "../../simulator/target.ts";

const plain = dialectOf("plain", "https://host/scim");
const flag = dialectOf("flag", "https://host/scim");
const legacy = dialectOf("legacy", "http://host/scim");
const nobody: ReadonlySet<string> = new Set();

const value = (op: "add" | "replace", path: string, text: string): Change => ({
  kind: "value",
  op,
  target: parseTarget(path),
  value: text,
});
const active = (enabled: boolean): Change => ({ kind: "active", op: "replace", value: enabled });
const manager = (op: "add" | "replace" | "remove", id: string): Change => ({
  kind: "manager",
  op,
  id,
});

const patchOp = (...operations: readonly object[]) => ({
  schemas: ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
  Operations: operations,
});

const joy = new Map([
  ["externalId", "jyoung"],
  ["userName", "jyoung@contoso.com"],
  ["displayName", "Joy Young"],
  ["title", "Engineer"],
  ["preferredLanguage", "en-US"],
  ["name.givenName", "Joy"],
  ["name.familyName", "Young"],
  ["name.formatted", "Joy Young"],
  ['emails[type eq "work"].value', "jyoung@contoso.com"],
  ['addresses[type eq "work"].formatted', "18/2111"],
  ['addresses[type eq "work"].streetAddress', "1 Way"],
  ['addresses[type eq "work"].locality', "Leeds"],
  ['addresses[type eq "work"].region', "WY"],
  ['addresses[type eq "work"].postalCode', "LS1 1AA"],
  ['addresses[type eq "work"].country', "GB"],
  ['phoneNumbers[type eq "work"].value', "+44 1"],
  ['phoneNumbers[type eq "mobile"].value', "+44 2"],
  ['phoneNumbers[type eq "fax"].value', "+44 3"],
  [`${enterpriseUrn}:employeeNumber`, "701984"],
  [`${enterpriseUrn}:department`, "Sales"],
]);

test("a user is created with all of the default mapping", () => {
  const body = createUserBody({ values: joy, active: true, roles: [], roleMapping: "none" });
  expect(JSON.stringify(body)).toBe(
    '{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User","urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"],' +
      '"externalId":"jyoung","userName":"jyoung@contoso.com","active":true,"displayName":"Joy Young","title":"Engineer","preferredLanguage":"en-US",' +
      '"name":{"givenName":"Joy","familyName":"Young","formatted":"Joy Young"},' +
      '"emails":[{"primary":true,"type":"work","value":"jyoung@contoso.com"}],' +
      '"addresses":[{"primary":true,"type":"work","formatted":"18/2111","streetAddress":"1 Way","locality":"Leeds","region":"WY","postalCode":"LS1 1AA","country":"GB"}],' +
      '"phoneNumbers":[{"primary":true,"type":"work","value":"+44 1"},{"type":"mobile","value":"+44 2"},{"type":"fax","value":"+44 3"}],' +
      '"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"employeeNumber":"701984","department":"Sales"},' +
      '"meta":{"resourceType":"User"},"roles":[]}',
  );
});

test("what a user lacks is not in the body, but roles are", () => {
  const values = new Map([["userName", "bo"]]);
  const body = createUserBody({ values, active: true, roles: [], roleMapping: "single" });
  expect(Object.keys(body)).toEqual(["schemas", "userName", "active", "meta", "roles"]);
});

test.each<{ mapping: RoleMapping; roles: object[] }>`
  mapping        | roles
  ${"single"}    | ${[{ primary: true, type: "WindowsAzureActiveDirectoryRole", value: "Admin" }]}
  ${"assertive"} | ${[{ primary: false, type: "WindowsAzureActiveDirectoryRole", display: "Admin", value: "Admin" }]}
`("a user is created with a role mapped as $mapping", ({ mapping, roles }) => {
  const values = new Map([['roles[primary eq "True"].value', "Admin"]]);
  const body = createUserBody({ values, active: true, roles: ["Admin"], roleMapping: mapping });
  expect(body["roles"]).toEqual(roles);
});

test("a group is created empty, with Microsoft's own schema", () => {
  expect(createGroupBody("8aa1a0c0-c4c3-4bc0-b4a5-2ef676900159", "displayName")).toEqual({
    schemas: [
      "urn:ietf:params:scim:schemas:core:2.0:Group",
      "http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group",
    ],
    externalId: "8aa1a0c0-c4c3-4bc0-b4a5-2ef676900159",
    displayName: "displayName",
    meta: { resourceType: "Group" },
  });
});

type Row = { changes: readonly Change[]; operations: readonly object[] };

const name = `${enterpriseUrn}:employeeNumber`;
const email = 'emails[type eq "work"].value';

test.each<Row>`
  what               | changes                                                                                                        | operations
  ${"disable"}       | ${[active(false)]}                                                                                             | ${[{ op: "Replace", path: "active", value: "False" }]}
  ${"enable"}        | ${[active(true)]}                                                                                              | ${[{ op: "Replace", path: "active", value: "True" }]}
  ${"add a string"}  | ${[value("add", "nickName", "Babs")]}                                                                          | ${[{ op: "Add", path: "nickName", value: "Babs" }]}
  ${"replace many"}  | ${[value("replace", email, "a@b.c"), value("replace", "displayName", "Bjfe"), value("replace", name, "Aklq")]} | ${[{ op: "Replace", path: email, value: "a@b.c" }, { op: "Replace", path: "displayName", value: "Bjfe" }, { op: "Replace", path: name, value: "Aklq" }]}
  ${"one role"}      | ${[value("add", 'roles[primary eq "True"].value', "Admin")]}                                                   | ${[{ op: "Add", path: 'roles[primary eq "True"].value', value: "Admin" }]}
  ${"add a manager"} | ${[manager("add", "2c2f6fb8")]}                                                                                | ${[{ op: "Add", path: `${enterpriseUrn}:manager`, value: "2c2f6fb8" }]}
`("without the flag: $what", ({ changes, operations }) => {
  expect(plain.user(changes, 0)).toEqual(patchOp(...operations));
});

test("without the flag a complex role is JSON inside a text", () => {
  const [operation] = Object.values(
    plain.user([{ kind: "roles", op: "add", roles: ["25"] }], 0)["Operations"] ?? {},
  );
  expect(operation).toMatchObject({ op: "Add", path: "roles" });
  expect(JSON.stringify(operation)).toMatch(
    /"value":"\{\\"id\\":\\"[0-9a-f-]{36}\\",\\"value\\":\\"25\\",\\"displayName\\":\\"25\\"\}"/u,
  );
});

test.each<Row>`
  what                   | changes                                                                                                                                                    | operations
  ${"disable"}           | ${[active(false)]}                                                                                                                                         | ${[{ op: "replace", path: "active", value: false }]}
  ${"add a string"}      | ${[value("add", "nickName", "Babs")]}                                                                                                                      | ${[{ op: "add", path: "nickName", value: "Babs" }]}
  ${"replace many"}      | ${[value("replace", "displayName", "Bjfe"), value("replace", email, "a@b.c"), value("replace", "name.givenName", "Kkom"), value("replace", name, "Aklq")]} | ${[{ op: "replace", path: email, value: "a@b.c" }, { op: "replace", value: { displayName: "Bjfe", "name.givenName": "Kkom", [name]: "Aklq" } }]}
  ${"add many"}          | ${[value("add", "displayName", "Foo Bar"), value("add", "name.givenName", "Foo")]}                                                                         | ${[{ op: "add", value: { displayName: "Foo Bar", "name.givenName": "Foo" } }]}
  ${"replace a manager"} | ${[manager("replace", "id2")]}                                                                                                                             | ${[{ op: "replace", value: { [`${enterpriseUrn}:manager`]: "id2" } }]}
`("with the flag: $what", ({ changes, operations }) => {
  expect(flag.user(changes, 0)).toEqual(patchOp(...operations));
});

test("with the flag a manager is removed by a filter on a single value", () => {
  const bodies = ["id1", "id2", "id3", "id4"].map((id) =>
    JSON.stringify(flag.user([manager("remove", id)], 0)),
  );
  expect(bodies.join("\n")).toContain('{"op":"remove","path":"manager[value eq \\"');
});

test("the oldest job sends the manager as a list with a reference", () => {
  expect(legacy.user([manager("add", "m1")], 0)).toEqual(
    patchOp({
      op: "Add",
      path: "manager",
      value: [{ $ref: "http://host/scim/Users/m1", value: "m1" }],
    }),
  );
});

test.each<{ dialect: Dialect; kind: "add" | "remove"; turn: number; operations: object[] }>`
  dialect  | kind        | turn | operations
  ${plain} | ${"add"} | ${0} | ${[{ op: "Add", path: "members", value: [{ $ref: null, value: "u1" }, { $ref: null, value: "u2" }] }]}
  ${plain} | ${"add"}    | ${1} | ${[{ op: "Add", path: "members", value: [{ $ref: null, value: "u1" }] }, { op: "Add", path: "members", value: [{ $ref: null, value: "u2" }] }]}
  ${flag}  | ${"remove"} | ${0} | ${[{ op: "remove", path: 'members[value eq "u1"]' }, { op: "remove", path: 'members[value eq "u2"]' }]}
`("members, $dialect.name: $kind in turn $turn", ({ dialect, kind, turn, operations }) => {
  expect(dialect.members({ kind, ids: ["u1", "u2"] }, nobody, turn)).toEqual(
    patchOp(...operations),
  );
});

test("without the flag a removal lists members, with and without $ref", () => {
  const ids = Array.from({ length: 20 }, (_, at) => `u${at}`);
  const [operation] = JSON.parse(
    JSON.stringify(plain.members({ kind: "remove", ids }, nobody, 0)),
  ).Operations;
  expect(operation).toMatchObject({ op: "Remove", path: "members" });
  expect(operation.value).toEqual(ids.map((id) => expect.objectContaining({ value: id })));
  expect(new Set(operation.value.map((member: object) => Object.keys(member).length))).toEqual(
    new Set([1, 2]),
  );
});

test("a group is renamed by path without the flag, by a map with it", () => {
  expect(plain.group({ displayName: "x" })).toEqual(
    patchOp({ op: "Replace", path: "displayName", value: "x" }),
  );
  expect(flag.group({ displayName: "x" })).toEqual(
    patchOp({ op: "replace", value: { displayName: "x" } }),
  );
});

test("the validator uses every form that it was seen to use", () => {
  const validator = dialectOf("validator", "https://host/scim");
  const changes = [...joy.keys()].map((path) => value("replace", path, "v"));
  const cleared = [...joy.keys()].map((path) => value("replace", path, ""));
  const bodies = Array.from({ length: 40 }, (_, turn) => [
    validator.user(changes, turn),
    validator.user(cleared, turn),
    validator.user([active(false), manager("add", "m1"), manager("remove", "m1")], turn),
    validator.members({ kind: "add", ids: [`u${turn}`] }, new Set(["u0", `u${turn}`]), 0),
    validator.members({ kind: "remove", ids: ["u1"] }, nobody, 0),
  ]);
  const text = JSON.stringify(bodies);
  for (const form of [
    '"value":""',
    '"value":null',
    '"value":"False"',
    '"value":"false"',
    '"value":false',
    '"op":"remove"',
    '"path":"urn:ietf:params:scim:schemas:core:2.0:User:displayName"',
    '{"name":{"givenName":"v"}}',
    '.Value","value":"v"',
    '"value":{"value":"m1"}',
    '"value":{"value":""}',
    '"op":"replace","path":"members","value":[{"value":"u0"}',
    '"path":"members","value":"u',
    '"$ref":null',
    '{"name":"testOperation","op":"remove","path":"members"}',
  ]) {
    expect(text).toContain(form);
  }
});
