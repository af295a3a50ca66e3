import { describe, expect, test } from "@jest/globals";
import { readDocuments } from "../../../lambdas/scim/schemas/read-documents.ts";
import { aSchema, aType, faultsIn } from "../../support/documents.ts";

const attributesOf = (...attributes: readonly object[]) =>
  readDocuments([aSchema({ attributes }), aType()]).others[0]?.schema.attributes;

const faultsOf = (...attributes: readonly unknown[]) => faultsIn(aSchema({ attributes }), aType());

test("what is left out of an attribute has the defaults of the RFC", () => {
  const [size] = attributesOf({ name: "size" }) ?? [];
  expect(size).toEqual({
    name: "size",
    type: "string",
    multiValued: false,
    description: "size",
    required: false,
    caseExact: false,
    mutability: "readWrite",
    returned: "default",
    uniqueness: "none",
  });
});

test.each([
  ["binary", {}, true],
  ["reference", { referenceTypes: ["external"] }, true],
  ["string", {}, false],
  ["dateTime", {}, false],
  ["binary", { caseExact: false }, false],
  ["string", { caseExact: true }, true],
])("an attribute of type %s with %j has caseExact %s", (type, more, caseExact) => {
  expect(attributesOf({ name: "size", type, ...more })).toMatchObject([{ type, caseExact }]);
});

test("every characteristic that is given is kept, of sub-attributes too", () => {
  const description = "A place.";
  const keeper = {
    name: "keeper",
    type: "reference",
    multiValued: true,
    description,
    required: true,
    caseExact: true,
    mutability: "immutable",
    returned: "request",
    uniqueness: "none",
    referenceTypes: ["User", "Thing", "external", "uri"],
  };
  const kind = { ...keeper, name: "kind", type: "string", canonicalValues: ["a", "A"] };
  const { referenceTypes: _, ...text } = kind;
  const place = {
    ...text,
    name: "place",
    type: "complex",
    canonicalValues: undefined,
    subAttributes: [keeper, text, { ...text, name: "$ref", ...ref }],
  };
  expect(attributesOf(JSON.parse(JSON.stringify(place)))).toEqual([
    JSON.parse(JSON.stringify(place)),
  ]);
});
const ref = { type: "reference", referenceTypes: ["uri"], canonicalValues: undefined };

describe("an attribute is refused", () => {
  test.each([
    [
      { name: "size", mutablity: "readOnly" },
      `"mutablity" is no member that is known here; those are name, type, multiValued, description, required, canonicalValues, caseExact, mutability, returned, uniqueness, referenceTypes, subAttributes`,
    ],
    [
      JSON.parse(`{"name": "size", "__proto__": {}}`),
      `"__proto__" is no member that is known here; those are name, type, multiValued, description, required, canonicalValues, caseExact, mutability, returned, uniqueness, referenceTypes, subAttributes`,
    ],
    [
      { name: "size", type: "int" },
      `"type" is "int"; write one of "string", "boolean", "decimal", "integer", "dateTime", "binary", "reference", "complex"`,
    ],
    [
      { name: "size", type: "String" },
      `"type" is "String"; write one of "string", "boolean", "decimal", "integer", "dateTime", "binary", "reference", "complex"`,
    ],
    [{ name: "size", multiValued: "true" }, `"multiValued" is "true"; write true or false`],
    [{ name: "size", required: null }, `"required" is null; write true or false`],
    [{ name: "size", caseExact: 1 }, `"caseExact" is 1; write true or false`],
    [
      { name: "size", description: "" },
      `"description" is ""; write a text of 1 to 1000 characters without line breaks`,
    ],
    [
      { name: "size", description: "a\nb" },
      `"description" is "a\\nb"; write a text of 1 to 1000 characters without line breaks`,
    ],
    [
      { name: "size", mutability: "readonly" },
      `"mutability" is "readonly"; write one of "readOnly", "readWrite", "immutable", "writeOnly"`,
    ],
    [
      { name: "size", returned: true },
      `"returned" is true; write one of "always", "never", "default", "request"`,
    ],
    [
      { name: "size", uniqueness: ["server"] },
      `"uniqueness" is a list; write one of "none", "server", "global"`,
    ],
    [
      { name: "size", canonicalValues: [] },
      `"canonicalValues" is an empty list; write a list of 1 to 200 texts of 1 to 200 characters`,
    ],
    [
      { name: "size", canonicalValues: [1] },
      `"canonicalValues" is a list; write a list of 1 to 200 texts of 1 to 200 characters`,
    ],
    [
      { name: "size", canonicalValues: { a: 1 } },
      `"canonicalValues" is an object; write a list of 1 to 200 texts of 1 to 200 characters`,
    ],
    [
      { name: "size", canonicalValues: ["a", "A"] },
      `"canonicalValues" has a value twice; remove one`,
    ],
    [
      { name: "size", type: "integer", canonicalValues: ["1"] },
      `only a string has "canonicalValues"; remove them, or write "type": "string"`,
    ],
    [
      { name: "size", type: "reference" },
      `a reference needs "referenceTypes": names of resource types, "external" or "uri"`,
    ],
    [
      { name: "size", referenceTypes: ["User"] },
      `only a reference has "referenceTypes"; remove them, or write "type": "reference"`,
    ],
    [
      { name: "size", type: "reference", referenceTypes: ["user"] },
      `"referenceTypes" has "user"; those that there are: external, uri, User, Group, Thing`,
    ],
    [
      { name: "size", type: "complex" },
      `a complex attribute needs "subAttributes", a list of at least one`,
    ],
    [
      { name: "size", type: "complex", subAttributes: [] },
      `a complex attribute needs "subAttributes", a list of at least one`,
    ],
    [{ name: "size", type: "complex", subAttributes: "a" }, `"subAttributes" is "a"; write a list`],
    [
      { name: "size", subAttributes: [{ name: "a" }] },
      `only a complex attribute has "subAttributes"; add "type": "complex"`,
    ],
    [
      { name: "size", required: true, mutability: "readOnly" },
      `it is required and readOnly, so that nobody could ever send it; change one of the two`,
    ],
    [
      { name: "size", mutability: "writeOnly" },
      `what is writeOnly is never shown (RFC 7643, section 7); add "returned": "never"`,
    ],
    [
      { name: "size", mutability: "writeOnly", returned: "request" },
      `what is writeOnly is never shown (RFC 7643, section 7); add "returned": "never"`,
    ],
    [
      { name: "size", mutability: "readOnly", returned: "never" },
      `it is readOnly and returned never, so that it could be neither written nor read; change one of the two`,
    ],
    [
      { name: "size", uniqueness: "global" },
      `"global" would be unique beyond this deployment, which nobody here can see to; write "server": unique among the resources of this type in one tenant`,
    ],
    [
      { name: "size", uniqueness: "server", multiValued: true },
      `only an attribute with one simple value can be unique; write "uniqueness": "none"`,
    ],
    [
      { name: "size", uniqueness: "server", type: "complex", subAttributes: [{ name: "a" }] },
      `only an attribute with one simple value can be unique; write "uniqueness": "none"`,
    ],
    [
      { name: "size", uniqueness: "server", type: "boolean" },
      `if a boolean were unique, there could be two resources; write "uniqueness": "none"`,
    ],
    [
      { name: "size", uniqueness: "server", mutability: "writeOnly", returned: "never" },
      `what is writeOnly is not kept and so cannot be unique; write "uniqueness": "none"`,
    ],
  ])("%j", (attribute, fault) => {
    expect(faultsOf(attribute)).toEqual([`schema.json: attribute "size": ${fault}`]);
  });
});

describe("a sub-attribute is refused", () => {
  test.each([
    [
      { name: "a", type: "complex", subAttributes: [{ name: "b" }] },
      {},
      `a sub-attribute cannot be complex (RFC 7643, section 2.3.8); make it several simple ones`,
    ],
    [
      { name: "a", subAttributes: [{ name: "b" }] },
      {},
      `a sub-attribute cannot be complex (RFC 7643, section 2.3.8); make it several simple ones`,
    ],
    [
      { name: "a", uniqueness: "server" },
      {},
      `values of a sub-attribute are not kept unique; write "uniqueness": "none"`,
    ],
    [
      { name: "a", required: true },
      { mutability: "readOnly" },
      `it is required and readOnly, so that nobody could ever send it; change one of the two`,
    ],
    [
      { name: "a", returned: "always" },
      { returned: "never" },
      `the attribute that it belongs to is returned never, and it with it; write "returned": "never"`,
    ],
    [
      { name: "a", returned: "request" },
      { returned: "never" },
      `the attribute that it belongs to is returned never, and it with it; write "returned": "never"`,
    ],
    [
      { name: "a", type: "reference", referenceTypes: ["Device"] },
      {},
      `"referenceTypes" has "Device"; those that there are: external, uri, User, Group, Thing`,
    ],
    [
      { name: "a b" },
      {},
      `a name begins with a letter, followed by letters, digits, - and _; choose another`,
    ],
    [
      { name: "a", kind: "string" },
      {},
      `"kind" is no member that is known here; those are name, type, multiValued, description, required, canonicalValues, caseExact, mutability, returned, uniqueness, referenceTypes, subAttributes`,
    ],
  ])("%j of one with %j", (sub, more, fault) => {
    const { name } = sub;
    expect(faultsOf({ name: "size", type: "complex", ...more, subAttributes: [sub] })).toEqual([
      `schema.json: attribute "size.${name}": ${fault}`,
    ]);
  });

  test.each([
    [
      "primary",
      "string",
      true,
      `"primary" marks the preferred value (RFC 7643, section 2.4); write "type": "boolean", or rename it`,
    ],
    ["primary", "string", false, undefined],
    ["primary", "boolean", true, undefined],
    [
      "$ref",
      "string",
      true,
      `"$ref" is a reference (RFC 7643, section 2.4); write "type": "reference"`,
    ],
  ])("%s of type %s, where multiValued is %s: %s", (name, type, multiValued, fault) => {
    const subAttributes = [{ name, type }];
    expect(faultsOf({ name: "size", type: "complex", multiValued, subAttributes })).toEqual(
      fault === undefined ? [] : [`schema.json: attribute "size.${name}": ${fault}`],
    );
  });
});

describe("a name is refused", () => {
  const form = "a name begins with a letter, followed by letters, digits, - and _; choose another";
  const kept = "every resource has an attribute of this name, kept by the service; leave it out";
  const inherited = "every JavaScript object has a member of this name; choose another";
  const common = `every resource has externalId; leave it out, or list it as {"name": "externalId", "caseExact": true}`;

  test.each([
    ["1st", form],
    ["a.b", form],
    ["a:b", form],
    ["größe", form],
    ["_size", form],
    ["$size", form],
    ["$ref", `"$ref" is the name of a sub-attribute only; choose another`],
    ["__proto__", inherited],
    ["constructor", inherited],
    ["tostring", inherited],
    ["id", kept],
    ["ID", kept],
    ["schemas", kept],
    ["Meta", kept],
    ["externalId", common],
    ["externalid", common],
  ])("%s: %s", (name, fault) => {
    expect(faultsOf({ name })).toEqual([`schema.json: attribute "${name}": ${fault}`]);
  });

  test("where it is listed twice, in whichever case", () => {
    expect(faultsOf({ name: "size" }, { name: "Size" }, { name: "size" })).toEqual([
      `schema.json: attribute "Size": "size" is listed too, and names are the same in whichever case; rename one`,
      `schema.json: attribute "size": it is listed twice; remove one`,
    ]);
    const subAttributes = [{ name: "a" }, { name: "A" }];
    expect(faultsOf({ name: "size", type: "complex", subAttributes })).toEqual([
      `schema.json: attribute "size.A": "a" is listed too, and names are the same in whichever case; rename one`,
    ]);
  });

  test.each([
    [7, `attributes[1]: it is 7; write an object with a "name"`],
    [null, `attributes[1]: it is null; write an object with a "name"`],
    [
      {},
      `attributes[1]: "name" is missing; write a text of 1 to 100 characters without line breaks`,
    ],
    [
      { name: ["a"] },
      `attributes[1]: "name" is a list; write a text of 1 to 100 characters without line breaks`,
    ],
    [
      { name: "x".repeat(101) },
      `attributes[1]: "name" is "${"x".repeat(100)}…"; write a text of 1 to 100 characters without line breaks`,
    ],
  ])("where there is none: %j", (attribute, fault) => {
    expect(faultsOf({ name: "size" }, attribute)).toEqual([`schema.json: ${fault}`]);
  });
});

test.each(["id", "schemas", "meta", "externalId", "value", "a-b_1"])(
  "a sub-attribute may have the name %s",
  (name) => {
    expect(faultsOf({ name: "size", type: "complex", subAttributes: [{ name }] })).toEqual([]);
  },
);

test("externalId may be listed as what every resource has, required or not", () => {
  expect(faultsOf({ name: "externalId", caseExact: true, required: true })).toEqual([]);
});

test("a writeOnly attribute may be required of those who create a resource", () => {
  const pin = { name: "pin", required: true, mutability: "writeOnly", returned: "never" };
  expect(faultsOf(pin)).toEqual([]);
});
