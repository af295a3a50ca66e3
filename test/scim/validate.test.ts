import { expect, test } from "@jest/globals";
import type { Json, JsonObject } from "../../lambdas/scim/json.ts";
import { groupType, userType } from "../../lambdas/scim/resource-types.ts";
import { enterpriseUserUrn, groupUrn, userUrn } from "../../lambdas/scim/urns.ts";
import { readResource } from "../../lambdas/scim/validate.ts";

const read = (given: JsonObject) =>
  readResource({ schemas: [userUrn], userName: "u", ...given }, userType);

test.each<{ given: JsonObject; kept: object }>`
  given                                                         | kept                                                          | because
  ${{ id: "x", meta: {}, groups: [{ value: "g" }] }}            | ${{}}                                                         | ${"what only the service sets is ignored"}
  ${{ title: null, emails: [], name: {} }}                      | ${{}}                                                         | ${"null, an empty list and an empty object are unassigned"}
  ${{ shoeSize: 9, name: { givenName: "B", nick: "x" } }}       | ${{ name: { givenName: "B" } }}                               | ${"unknown attributes are ignored"}
  ${{ locale: "upd-1", profileUrl: "nonsense", timezone: "x" }} | ${{ locale: "upd-1", profileUrl: "nonsense", timezone: "x" }} | ${"no form is asked of free text"}
  ${{ emails: [{ VALUE: "not an address", $ref: "x" }] }}       | ${{ emails: [{ value: "not an address" }] }}                  | ${"no form is asked of an e-mail"}
  ${{ emails: [{ value: "a" }, { value: "A", display: "x" }] }} | ${{ emails: [{ value: "A", display: "x" }] }}                 | ${"two values that say the same are one"}
  ${{ password: "secret" }}                                     | ${{ password: "secret" }}                                     | ${"a password is accepted"}
`("of $given is kept $kept: $because", ({ given, kept }) => {
  expect(read(given)).toEqual({ schemas: [userUrn], userName: "u", ...kept });
});

test("names have no case", () => {
  expect(readResource({ SCHEMAS: [userUrn], USERNAME: "B" }, userType)).toEqual({
    schemas: [userUrn],
    userName: "B",
  });
});

test("schemas say exactly what the resource holds", () => {
  const schemas = [userUrn, enterpriseUserUrn.toUpperCase()];
  expect(read({ schemas, [enterpriseUserUrn.toLowerCase()]: { department: "D" } })).toEqual({
    schemas: [userUrn, enterpriseUserUrn],
    userName: "u",
    [enterpriseUserUrn]: { department: "D" },
  });
  expect(read({ schemas: [userUrn, enterpriseUserUrn, "urn:x:y"] })).toMatchObject({
    schemas: [userUrn],
  });
  expect(read({ [enterpriseUserUrn]: { department: null } })).toEqual({
    schemas: [userUrn],
    userName: "u",
  });
});

test.each<{ body: Json; scimType: string; named: string }>`
  body                                                                              | scimType           | named
  ${null}                                                                           | ${"invalidSyntax"} | ${"JSON object"}
  ${[]}                                                                             | ${"invalidSyntax"} | ${"JSON object"}
  ${"x"}                                                                            | ${"invalidSyntax"} | ${"JSON object"}
  ${{ userName: "u" }}                                                              | ${"invalidSyntax"} | ${userUrn}
  ${{ schemas: [groupUrn], userName: "u" }}                                         | ${"invalidSyntax"} | ${userUrn}
  ${{ schemas: [userUrn] }}                                                         | ${"invalidValue"}  | ${"userName"}
  ${{ schemas: [userUrn], userName: "" }}                                           | ${"invalidValue"}  | ${"userName"}
  ${{ schemas: [userUrn], userName: 5 }}                                            | ${"invalidValue"}  | ${"userName"}
  ${{ schemas: [userUrn], userName: "u", active: "True" }}                          | ${"invalidValue"}  | ${"active"}
  ${{ schemas: [userUrn], userName: "u", name: "x" }}                               | ${"invalidValue"}  | ${"name"}
  ${{ schemas: [userUrn], userName: "u", name: { givenName: [] } }}                 | ${"invalidValue"}  | ${"name.givenName"}
  ${{ schemas: [userUrn], userName: "u", emails: { value: "x" } }}                  | ${"invalidValue"}  | ${"emails"}
  ${{ schemas: [userUrn], userName: "u", emails: [{ value: "x" }, { value: 1 }] }}  | ${"invalidValue"}  | ${"emails[1].value"}
  ${{ schemas: [userUrn], userName: "u", emails: ["x"] }}                           | ${"invalidValue"}  | ${"emails[0]"}
  ${{ schemas: [userUrn], userName: "u", USERNAME: "v" }}                           | ${"invalidValue"}  | ${"userName is given twice"}
  ${{ schemas: [userUrn], userName: "u", x509Certificates: [{ value: "§" }] }}      | ${"invalidValue"}  | ${"x509Certificates[0].value"}
  ${{ schemas: [userUrn], userName: "u", emails: [{ value: "a", primary: true }, { value: "b", primary: true }] }} | ${"invalidValue"} | ${"primary"}
  ${{ schemas: [userUrn], userName: "u", emails: Array(501).fill({ value: "a" }) }} | ${"invalidValue"}  | ${"501"}
`("$body is answered $scimType that names $named", ({ body, scimType, named }) => {
  expect(() => readResource(body, userType)).toThrow(
    expect.objectContaining({ status: 400, scimType, detail: expect.stringContaining(named) }),
  );
});

test("a group needs a displayName", () => {
  expect(() => readResource({ schemas: [groupUrn] }, groupType)).toThrow(/displayName is required/);
});

test("names that every object has are unknown attributes", () => {
  const body = JSON.parse(
    `{"schemas":["${userUrn}"],"userName":"u","__proto__":{"active":true},"constructor":{"x":1},"name":{"__proto__":{"givenName":"x"}}}`,
  );
  const resource = readResource(body, userType);
  expect(Object.keys(resource)).toEqual(["schemas", "userName"]);
  expect(resource["active"]).toBeUndefined();
});

test("nesting of any depth is no matter", () => {
  const deep = JSON.parse(
    `{"schemas":["${userUrn}"],"userName":"u","x":${"[".repeat(500_000)}${"]".repeat(500_000)}}`,
  );
  expect(readResource(deep, userType)).toEqual({ schemas: [userUrn], userName: "u" });
});
