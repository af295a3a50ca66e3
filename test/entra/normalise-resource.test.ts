import { expect, test } from "@jest/globals";
import { withCustomExtensions } from "../../lambdas/entra/custom-extensions.ts";
import { normaliseResource } from "../../lambdas/entra/normalise-resource.ts";
import type { Json, JsonObject } from "../../lambdas/scim/json.ts";
import { readMembers } from "../../lambdas/scim/patch/membership.ts";
import { groupType, userType } from "../../lambdas/scim/resource-types.ts";
import { enterpriseUserUrn, groupUrn, userUrn } from "../../lambdas/scim/urns.ts";
import { readResource } from "../../lambdas/scim/validate.ts";

const custom = "urn:ietf:params:scim:schemas:extension:Contoso:2.0:User";

function create(body: Json): JsonObject {
  const type = withCustomExtensions(userType, body);
  return readResource(normaliseResource(body, type), type);
}

test("the user of Microsoft's documentation is kept as it was sent", () => {
  const user = {
    schemas: [userUrn, enterpriseUserUrn],
    externalId: "jyoung",
    userName: "jyoung@contoso.com",
    active: true,
    displayName: "Joy Young",
    preferredLanguage: "en-US",
    name: { givenName: "Joy", familyName: "Young", formatted: "Joy Young" },
    emails: [{ primary: true, type: "work", value: "jyoung@contoso.com" }],
    addresses: [{ primary: true, type: "work", formatted: "18/2111", country: "GB" }],
    phoneNumbers: [
      { primary: true, type: "work", value: "+44 1" },
      { type: "mobile", value: "+44 2" },
    ],
    [enterpriseUserUrn]: { employeeNumber: "701984", department: "Sales" },
  };
  expect(create({ ...user, meta: { resourceType: "User" }, roles: [] })).toEqual(user);
});

test.each<{ given: object; kept: object }>`
  given                                                                                    | kept
  ${{ ACTIVE: "false" }}                                                                   | ${{ active: false }}
  ${{ roles: [{ value: '{"value":"A","displayName":"B"}' }] }}                             | ${{ roles: [{ value: "A", display: "B" }] }}
  ${{ emails: [{ type: "work", value: "" }] }}                                             | ${{}}
  ${{ addresses: null, phoneNumbers: null, title: null, department: null, manager: null }} | ${{}}
  ${{ title: "", name: { givenName: "" } }}                                                | ${{}}
  ${{ active: "" }}                                                                        | ${{}}
  ${{ roles: ['{"value":"A","displayName":7}'] }}                                          | ${{ roles: [{ value: '{"value":"A","displayName":7}' }] }}
  ${{ [groupUrn]: { displayName: "G" }, "emails[": "x" }}                                  | ${{}}
  ${{ meta: { x: 1 }, id: "x", shoeSize: 9, "shoe size": 9 }}                              | ${{}}
  ${{ "name.givenName": "G", name: { familyName: "F" } }}                                  | ${{ name: { givenName: "G", familyName: "F" } }}
  ${{ name: { familyName: "F" }, "name.givenName": "G" }}                                  | ${{ name: { givenName: "G", familyName: "F" } }}
  ${{ [userUrn]: { title: "T", role: "x" } }}                                              | ${{ title: "T" }}
  ${{ schemas: undefined, title: "T" }}                                                    | ${{ title: "T" }}
  ${{ schemas: [userUrn, "http://schemas.microsoft.com/2006/11/X"] }}                      | ${{}}
`("of $given is kept $kept", ({ given, kept }) => {
  const body = Object.entries({ schemas: [userUrn], userName: "u", ...given });
  const sent = Object.fromEntries(body.filter(([, value]) => value !== undefined));
  expect(create(sent)).toEqual({ schemas: [userUrn], userName: "u", ...kept });
});

test.each<{ given: object; kept: object }>`
  given                                                                                 | kept
  ${{ [enterpriseUserUrn]: { department: "D" }, department: null }}                     | ${{ department: "D" }}
  ${{ department: "D", manager: "m" }}                                                  | ${{ department: "D", manager: { value: "m" } }}
  ${{ [enterpriseUserUrn]: { manager: { value: "GZFDHGRKQLCG" } } }}                    | ${{ manager: { value: "GZFDHGRKQLCG" } }}
  ${{ [enterpriseUserUrn]: { manager: [{ value: "m", $ref: null }] } }}                 | ${{ manager: { value: "m" } }}
  ${{ [enterpriseUserUrn]: { department: "D", manager: { value: "" } } }}               | ${{ department: "D" }}
  ${{ "urn:ietf:params:scim:schemas:extension:enterprise:2.0User": { division: "D" } }} | ${{ division: "D" }}
  ${{ [`${enterpriseUserUrn}:division`]: "D" }}                                         | ${{ division: "D" }}
  ${{ [enterpriseUserUrn.toUpperCase()]: { DIVISION: "D", x: "y" } }}                   | ${{ division: "D" }}
`("$given belongs to the enterprise extension", ({ given, kept }) => {
  expect(create({ schemas: [userUrn], userName: "u", ...given })).toEqual({
    schemas: [userUrn, enterpriseUserUrn],
    userName: "u",
    [enterpriseUserUrn]: kept,
  });
});

test("an extension of the client's own is kept, though schemas do not name it", () => {
  expect(
    create({
      schemas: [userUrn],
      userName: "u",
      [custom]: {
        Shoe: "9",
        "2fa": "x",
        size: 9,
        list: ["x"],
        "a b": "x",
        "a.b": "x",
        "Shoe[": "x",
      },
    }),
  ).toEqual({
    schemas: [userUrn, custom],
    userName: "u",
    [custom]: { Shoe: "9", "2fa": "x" },
  });
});

test("Microsoft's group is created empty, and Postman's with members", () => {
  const body = {
    schemas: [groupUrn, "http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group"],
    externalId: "8aa1a0c0",
    displayName: "displayName",
    meta: { resourceType: "Group" },
  };
  const group = { schemas: [groupUrn], externalId: "8aa1a0c0", displayName: "displayName" };
  expect(readResource(normaliseResource(body, groupType), groupType)).toEqual(group);

  const whole = normaliseResource({ ...body, members: [{ value: "a" }, "b"] }, groupType);
  const { resource, members } = readMembers(whole);
  expect(readResource(resource, groupType)).toEqual(group);
  expect(members).toEqual(["a", "b"]);
});

test.each([undefined, null, 1, "x", [[]]])(
  "what is no object is left for the core to refuse: %j",
  (body) => {
    expect(() => readResource(normaliseResource(body, userType), userType)).toThrow(
      expect.objectContaining({ status: 400, scimType: "invalidSyntax" }),
    );
  },
);

test("a user without userName is refused, and so is one that is sent as a group", () => {
  expect(() => create({ schemas: [userUrn], userName: "" })).toThrow(/userName is required/);
  expect(() => create({ schemas: [groupUrn], userName: "u" })).toThrow(
    expect.objectContaining({ scimType: "invalidSyntax" }),
  );
});
