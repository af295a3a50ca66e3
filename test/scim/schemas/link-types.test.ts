import { describe, expect, test } from "@jest/globals";
import { groupType, userType } from "../../../lambdas/scim/resource-types.ts";
import { type Document, readDocuments } from "../../../lambdas/scim/schemas/read-documents.ts";
import { enterpriseUserUrn } from "../../../lambdas/scim/urns.ts";
import { aSchema, aType, faultsIn, thingUrn } from "../../support/documents.ts";

const extra = "urn:example:2.0:Extra";
const anExtension = (more: object = {}) =>
  aSchema({ id: extra, name: "Extra", ...more }, "extra.json");
const extended = (...schemas: readonly string[]) => ({
  schemaExtensions: schemas.map((schema) => ({ schema, required: false })),
});
const aUser = (more: object = {}, file = "user.json") =>
  aType({ name: "User", endpoint: "/Users", schema: userType.schema.id, ...more }, file);
const aGroup = (more: object = {}) =>
  aType({ name: "Group", endpoint: "/Groups", schema: groupType.schema.id, ...more }, "group.json");

const idsOf = ({ extensions }: { extensions: readonly { schema: { id: string } }[] }) =>
  extensions.map(({ schema }) => schema.id);

describe("types", () => {
  test("have what their documents say, whatever the case of URNs", () => {
    const schemaExtensions = [{ schema: extra.toUpperCase(), required: true }];
    const type = aType({
      schema: thingUrn.toUpperCase(),
      schemaExtensions,
      description: "A thing",
    });
    const { others } = readDocuments([type, anExtension(), aSchema()]);
    expect(others).toMatchObject([
      {
        name: "Thing",
        endpoint: "/Things",
        description: "A thing",
        schema: { id: thingUrn, name: "Thing" },
        extensions: [{ schema: { id: extra }, required: true }],
      },
    ]);
  });

  test("may share an extension", () => {
    const documents = [
      anExtension(),
      aSchema(),
      aType(extended(extra)),
      aUser(extended(extra)),
      aGroup(extended(extra)),
    ];
    const { user, group, others } = readDocuments(documents);
    expect([user, group, ...others].map(idsOf)).toEqual([
      [enterpriseUserUrn, extra],
      [extra],
      [extra],
    ]);
  });

  test("named User keep the enterprise extension, listed or not", () => {
    const listed = {
      schemaExtensions: [
        { schema: extra, required: false },
        { schema: enterpriseUserUrn, required: true },
      ],
    };
    const { user } = readDocuments([anExtension(), aUser(listed)]);
    expect(user.extensions.map(({ schema, required }) => [schema.id, required])).toEqual([
      [extra, false],
      [enterpriseUserUrn, true],
    ]);
  });

  test("may be what a schema of another type refers to", () => {
    const reference = { name: "owner", type: "reference", referenceTypes: ["Thing"] };
    expect(
      faultsIn(
        aSchema(),
        aType(),
        anExtension({ attributes: [reference] }),
        aUser(extended(extra)),
      ),
    ).toEqual([]);
  });
});

const thing = [aSchema(), aType()];
const other = (more: object) => [
  ...thing,
  aType({ name: "Other", endpoint: "/Others", ...more }, "other.json"),
];
const line = (most: number) => `write a text of 1 to ${most} characters without line breaks`;

test.each<[string, readonly Document[], string]>([
  [
    "without a name",
    [aSchema(), aType({ name: undefined })],
    `type.json: "name" is missing; ${line(60)}`,
  ],
  [
    "without an endpoint",
    [aSchema(), aType({ endpoint: undefined })],
    `type.json: "endpoint" is missing; ${line(60)}`,
  ],
  [
    "without a schema",
    [aSchema(), aType({ schema: undefined })],
    `type.json: "schema" is missing; ${line(200)}`,
  ],
  [
    "with an unknown member",
    [aSchema(), aType({ extensions: [] })],
    `type.json: "extensions" is no member that is known here; those are schemas, id, name, endpoint, description, schema, schemaExtensions, meta`,
  ],
  [
    "with an id that is another's",
    [aSchema(), aType({ id: "Other" })],
    `type.json: "id" is "Other"; write the name again, or leave it out`,
  ],
  [
    "with extensions that are no list",
    [aSchema(), aType({ schemaExtensions: {} })],
    `type.json: "schemaExtensions" is an object; write a list`,
  ],
  [
    "with an extension that is no object",
    [aSchema(), aType({ schemaExtensions: [extra] })],
    `type.json: schemaExtensions[0]: it is "${extra}"; write an object with "schema" and "required"`,
  ],
  [
    "with an extension that is not said to be required or not",
    [anExtension(), aSchema(), aType({ schemaExtensions: [{ schema: extra }] })],
    `type.json: schemaExtensions[0]: "required" is missing; write true or false`,
  ],
  [
    "with an extension of no name",
    [aSchema(), aType({ schemaExtensions: [{ required: true }] })],
    `type.json: schemaExtensions[0]: "schema" is missing; ${line(200)}`,
  ],
  [
    "with an extension that has a typo",
    [
      anExtension(),
      aSchema(),
      aType({ schemaExtensions: [{ schema: extra, required: true, require: 1 }] }),
    ],
    `type.json: schemaExtensions[0]: "require" is no member that is known here; those are schema, required`,
  ],
  [
    "of a schema that nobody defines",
    [...other({ schema: extra })],
    `other.json: "schema" is "${extra}"; no document defines it; correct it, or add the Schema`,
  ],
  [
    "of a standard schema",
    other({ schema: userType.schema.id }),
    `other.json: "schema" is "${userType.schema.id}"; that belongs to User alone; name one of this deployment's`,
  ],
  [
    "with an extension that nobody defines",
    other(extended(extra)),
    `other.json: schemaExtensions[0]: "schema" is "${extra}"; no document defines it; correct it, or add the Schema`,
  ],
  [
    "with the extension of another type",
    other(extended(enterpriseUserUrn)),
    `other.json: schemaExtensions[0]: "schema" is "${enterpriseUserUrn}"; that belongs to User alone; name one of this deployment's`,
  ],
  [
    "with an extension twice",
    [...other(extended(extra, extra.toUpperCase())), anExtension()],
    `other.json: schemaExtensions[1]: the type has "${extra.toUpperCase()}" already; remove it here`,
  ],
  [
    "extended by its own schema",
    other(extended(thingUrn)),
    `other.json: schemaExtensions[0]: the type has "${thingUrn}" already; remove it here`,
  ],
  [
    "with an extension that lists externalId",
    [
      ...other(extended(extra)),
      anExtension({ attributes: [{ name: "externalId", caseExact: true }] }),
    ],
    `other.json: schemaExtensions[0]: "${extra}" lists externalId, which is no extension's; remove it there`,
  ],
  [
    "of a name that another has",
    [...thing, aType({ name: "THING", endpoint: "/Others" }, "other.json")],
    `other.json: "name" is "THING", which type.json has too; write another`,
  ],
  [
    "named like User in another case",
    other({ name: "user" }),
    `other.json: "name" is "user", which differs from User in case; write another`,
  ],
  [
    "named like one of SCIM's own",
    other({ name: "Schema" }),
    `other.json: "name" is "Schema", which is SCIM's own; write another`,
  ],
  [
    "named like a word of referenceTypes",
    other({ name: "External" }),
    `other.json: "name" is "External", which is SCIM's own; write another`,
  ],
  [
    "whose name has a space",
    other({ name: "Other one" }),
    `other.json: "name" is "Other one"; begin with a letter, and use letters and digits only`,
  ],
  [
    "whose name begins with a digit",
    other({ name: "1st" }),
    `other.json: "name" is "1st"; begin with a letter, and use letters and digits only`,
  ],
  [
    "at the endpoint of another",
    other({ endpoint: "/things" }),
    `other.json: "endpoint" is "/things", which type.json has too; write another`,
  ],
  ...[
    "/users",
    "/Groups",
    "/Bulk",
    "/me",
    "/Schemas",
    "/ResourceTypes",
    "/ServiceProviderConfig",
  ].map((endpoint): [string, readonly Document[], string] => [
    `at ${endpoint}`,
    other({ endpoint }),
    `other.json: "endpoint" is "${endpoint}", which is the service's own; write another`,
  ]),
  ...["/", "Others", "/Others/", "/a/b", "/.search", "/a b", "/{id}", "/größe"].map(
    (endpoint): [string, readonly Document[], string] => [
      `at ${endpoint}`,
      other({ endpoint }),
      `other.json: "endpoint" is "${endpoint}"; write a slash, then letters, digits, - and _`,
    ],
  ),
  [
    "named User elsewhere",
    [aUser({ endpoint: "/People" })],
    `user.json: a ResourceType named User extends the standard one; write "endpoint": "/Users" and "schema": "${userType.schema.id}", or another name`,
  ],
  [
    "named Group of another schema",
    [aSchema(), aGroup({ schema: thingUrn })],
    `group.json: a ResourceType named Group extends the standard one; write "endpoint": "/Groups" and "schema": "${groupType.schema.id}", or another name`,
  ],
  [
    "named User twice",
    [aUser(), aUser({}, "more.json")],
    "more.json: user.json extends User too; put all extensions into one document",
  ],
  [
    "of a number that the stack cannot hold",
    [
      aSchema(),
      ...Array.from({ length: 21 }, (_, at) => aType({ name: `T${at}`, endpoint: `/T${at}` })),
    ],
    "there are 21 resource types; at most 20 can be added",
  ],
  [
    "of which none has a schema",
    [...thing, anExtension()],
    `extra.json: no ResourceType has "${extra}"; name it under "schema" or "schemaExtensions" of one, or remove it`,
  ],
  [
    "of schemas of one id",
    [...thing, aSchema({ id: thingUrn.toUpperCase() }, "again.json")],
    `again.json: "id" is "${thingUrn.toUpperCase()}", which schema.json has too; write another`,
  ],
  [
    "of too many attributes in all",
    [
      aSchema({ attributes: many(400) }),
      anExtension({ attributes: many(101) }),
      aType(extended(extra)),
    ],
    "type.json: the type has 501 attributes in all; at most 500 are allowed",
  ],
  [
    "of too many unique attributes",
    [aSchema({ attributes: many(6, { uniqueness: "server" }) }), aType()],
    "type.json: the type has 6 unique attributes; at most 5 are allowed",
  ],
  [
    "whose extension could be an attribute",
    [aSchema(), anExtension({ id: `${thingUrn}:SIZE` }), aType(extended(`${thingUrn}:SIZE`))],
    `type.json: "${thingUrn}:SIZE" could be the schema or the attribute "size" of "${thingUrn}"; rename one`,
  ],
  [
    "whose extension could be a sub-attribute",
    [aSchema(), anExtension({ id: `${thingUrn}:size.a` }), aType(extended(`${thingUrn}:size.a`))],
    `type.json: "${thingUrn}:size.a" could be the schema or the attribute "size" of "${thingUrn}"; rename one`,
  ],
])("a type is refused %s", (_, documents, fault) => {
  expect(faultsIn(...documents)).toEqual([fault]);
});

function many(count: number, more: object = {}) {
  return Array.from({ length: count }, (_, at) => ({ name: `a${at}`, ...more }));
}

test("an id may begin with another's where no path could be read in two ways", () => {
  const longer = `${thingUrn}:2.0:size`;
  expect(faultsIn(aSchema(), anExtension({ id: longer }), aType(extended(longer)))).toEqual([]);
  const beside = `${thingUrn}:colour`;
  expect(faultsIn(aSchema(), anExtension({ id: beside }), aType(extended(beside)))).toEqual([]);
});
