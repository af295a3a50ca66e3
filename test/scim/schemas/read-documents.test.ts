import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { groupType, standardTypes, userType } from "../../../lambdas/scim/resource-types.ts";
import { SchemasError } from "../../../lambdas/scim/schemas/faults.ts";
import { readDocuments } from "../../../lambdas/scim/schemas/read-documents.ts";
import { enterpriseUserUrn, resourceTypeUrn, schemaUrn } from "../../../lambdas/scim/urns.ts";
import { aSchema, aType, faultsIn, thingUrn } from "../../support/documents.ts";

const fixtures = join(import.meta.dirname, "../../fixtures/schemas");

test("a deployment without documents has the standard types", () => {
  expect(readDocuments([])).toEqual(standardTypes);
});

test("the fixtures make a type of their own and extend the user", () => {
  const names = readdirSync(fixtures).toSorted();
  const { user, group, others } = readDocuments(
    names.map((file) => ({
      file,
      content: JSON.parse(readFileSync(join(fixtures, file), "utf8")),
    })),
  );
  expect(user.extensions.map(({ schema, required }) => [schema.name, required])).toEqual([
    ["EnterpriseUser", false],
    ["Badge", false],
  ]);
  expect(user).toMatchObject({ ...userType, extensions: expect.anything() });
  expect(group).toEqual(groupType);
  expect(
    others.map(({ name, endpoint, schema, extensions }) => ({
      name,
      endpoint,
      schema: schema.name,
      extensions: extensions.map((one) => [one.schema.name, one.required]),
    })),
  ).toEqual([
    { name: "Device", endpoint: "/Devices", schema: "Device", extensions: [["Warranty", true]] },
  ]);
});

test("the standard schemas, read back as discovery shows them, are what they were", () => {
  for (const standard of [
    userType.schema,
    groupType.schema,
    ...userType.extensions.map((one) => one.schema),
  ]) {
    const content = { ...standard, schemas: [schemaUrn], id: thingUrn, meta: {} };
    const { others } = readDocuments([{ file: "schema.json", content }, aType()]);
    expect(others[0]?.schema).toEqual({ ...standard, id: thingUrn });
  }
});

describe("a document is refused", () => {
  const which = `write ["${schemaUrn}"] or ["${resourceTypeUrn}"]`;

  test.each([
    [[], "it holds an empty list; write one JSON object, a Schema or a ResourceType"],
    [[{}], "it holds a list; write one JSON object, a Schema or a ResourceType"],
    [null, "it holds null; write one JSON object, a Schema or a ResourceType"],
    ["{}", `it holds "{}"; write one JSON object, a Schema or a ResourceType`],
    [{}, `"schemas" is missing; ${which}`],
    [JSON.parse(`{"__proto__": {"schemas": []}}`), `"schemas" is missing; ${which}`],
    [{ schemas: schemaUrn }, `"schemas" is "${schemaUrn}"; ${which}`],
    [{ schemas: [] }, `"schemas" is []; ${which}`],
    [{ schemas: ["urn:x:y"] }, `"schemas" is ["urn:x:y"]; ${which}`],
    [
      { schemas: [schemaUrn, resourceTypeUrn] },
      `"schemas" is ["${schemaUrn}","${resourceTypeUrn}"]; ${which}`,
    ],
  ])("%j", (content, fault) => {
    expect(faultsIn({ file: "a.json", content })).toEqual([`a.json: ${fault}`]);
  });

  const text = (most: number) => `write a text of 1 to ${most} characters without line breaks`;
  const own = (id: string) => `"id" is "${id}", which is SCIM's own; write a URN of your own`;
  const form = `write a URN of letters, digits, ".", "-" and "_" between colons, such as urn:example:params:scim:schemas:2.0:Device`;

  test.each([
    [{ id: "Thing" }, `"id" is "Thing"; ${form}`],
    [{ id: "https://example.com/thing" }, `"id" is "https://example.com/thing"; ${form}`],
    [{ id: "urn:example" }, `"id" is "urn:example"; ${form}`],
    [{ id: "urn:example:a:" }, `"id" is "urn:example:a:"; ${form}`],
    [{ id: "urn:example:a b" }, `"id" is "urn:example:a b"; ${form}`],
    [{ id: "urn:example:a,b" }, `"id" is "urn:example:a,b"; ${form}`],
    [{ id: userType.schema.id }, own(userType.schema.id)],
    [{ id: groupType.schema.id.toUpperCase() }, own(groupType.schema.id.toUpperCase())],
    [{ id: enterpriseUserUrn }, own(enterpriseUserUrn)],
    [{ id: schemaUrn }, own(schemaUrn)],
    [
      { id: "urn:ietf:params:scim:api:messages:2.0:Own" },
      own("urn:ietf:params:scim:api:messages:2.0:Own"),
    ],
    [{ id: undefined }, `"id" is missing; ${text(200)}`],
    [{ id: 7 }, `"id" is 7; ${text(200)}`],
    [{ name: undefined }, `"name" is missing; ${text(100)}`],
    [{ name: "" }, `"name" is ""; ${text(100)}`],
    [{ description: 7 }, `"description" is 7; ${text(1000)}`],
    [{ attributes: undefined }, `"attributes" is missing; write a list`],
    [{ attributes: {} }, `"attributes" is an object; write a list`],
    [{ attributes: [] }, `"attributes" is an empty list; define at least one`],
    [
      { attributes: Array.from({ length: 501 }, (_, at) => ({ name: `a${at}` })) },
      `"attributes" has 501; at most 500 are allowed`,
    ],
    [
      { attribute: [] },
      `"attribute" is no member that is known here; those are schemas, id, name, description, attributes, meta`,
    ],
  ])("that is a Schema with %j", (more, fault) => {
    const schema = aSchema(more);
    const used = (schema.content as { id?: unknown }).id;
    const type = typeof used === "string" ? aType({ schema: used }) : aType();
    expect(faultsIn(schema, type)[0]).toBe(`schema.json: ${fault}`);
    expect(faultsIn(schema, type)).toHaveLength(1);
  });
});

test("every fault of every document is named at once", () => {
  const attributes = [{ name: "id" }, { name: "a", type: "text" }];
  const type = { name: "A thing", endpoint: "Things" };
  expect(faultsIn(aSchema({ attributes, title: "" }), aType(type))).toEqual([
    `schema.json: "title" is no member that is known here; those are schemas, id, name, description, attributes, meta`,
    `schema.json: attribute "id": every resource has an attribute of this name, kept by the service; leave it out`,
    `schema.json: attribute "a": "type" is "text"; write one of "string", "boolean", "decimal", "integer", "dateTime", "binary", "reference", "complex"`,
    `type.json: "name" is "A thing"; begin with a letter, and use letters and digits only`,
    `type.json: "endpoint" is "Things"; write a slash, then letters, digits, - and _`,
  ]);
});

test("the error lists the faults, one a line", () => {
  const documents = [
    { file: "a.json", content: 1 },
    { file: "b.json", content: 2 },
  ];
  const wanted = "write one JSON object, a Schema or a ResourceType";
  expect(() => readDocuments(documents)).toThrow(
    new SchemasError([`a.json: it holds 1; ${wanted}`, `b.json: it holds 2; ${wanted}`]),
  );
  expect(new SchemasError(["a", "b"]).message).toBe(
    "The deployment's schemas are wrong:\n- a\n- b",
  );
});

test("what is read is bounded", () => {
  const long = { file: "a.json", content: { a: "x".repeat(500_000) } };
  expect(faultsIn(long)).toEqual([
    "the documents have 500008 characters in all; at most 500000 are read",
  ]);
  expect(faultsIn(...Array.from({ length: 201 }, () => aSchema()))).toEqual([
    "there are 201 documents; at most 200 are read",
  ]);
});

test("whatever the documents hold, they are read or their faults are listed", () => {
  const word = fc.constantFrom("size", "Size", "$ref", "__proto__", "complex", "reference", "User");
  const value = fc.oneof(
    fc.json().map((json): unknown => JSON.parse(json)),
    word,
    fc.boolean(),
  );
  const simple = fc.dictionary(
    fc.constantFrom("type", "required", "mutability", "returned", "canonicalValues", "x"),
    value,
  );
  const attribute = fc.record({ name: word, more: simple, subAttributes: fc.array(simple) });
  const attributes = fc.array(
    fc.oneof(
      attribute.map(({ name, more, subAttributes }) => ({ name, ...more, subAttributes })),
      value,
    ),
  );
  const schema = fc
    .record({ id: fc.oneof(fc.constant(thingUrn), value), attributes: fc.oneof(attributes, value) })
    .map((more) => aSchema(more));
  const type = fc
    .record({ name: value, endpoint: value, schema: value, schemaExtensions: fc.array(value) })
    .map((more) => aType(more));
  const document = fc.oneof(
    schema,
    type,
    value.map((content) => ({ file: "any.json", content })),
  );
  fc.assert(
    fc.property(fc.array(document, { maxLength: 4 }), (documents) => {
      const faults = faultsIn(aType(), ...documents);
      expect(faults.every((fault) => !fault.includes("\n"))).toBe(true);
    }),
    { numRuns: 500 },
  );
});
