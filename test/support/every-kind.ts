import type { JsonObject } from "../../lambdas/scim/json.ts";
import type { Attribute, ResourceType } from "../../lambdas/scim/schema.ts";
import { attribute, primary } from "../../lambdas/scim/schemas/define.ts";

/** The schema, the extension that every thing has, and the one that some have. */
export const thingUrn = "urn:example:scim:schemas:2.0:Thing";
export const requiredUrn = "urn:example:scim:schemas:extension:required:2.0:Thing";
export const optionalUrn = "urn:example:scim:schemas:extension:optional:2.0:Thing";

const of = (name: string, given: Parameters<typeof attribute>[2] = {}): Attribute =>
  attribute(name, `The ${name}.`, given);

const severalOf = (name: string, given: Parameters<typeof attribute>[2] = {}): Attribute =>
  of(name, { ...given, multiValued: true });

const attributes: readonly Attribute[] = [
  of("label", { required: true }),
  of("code", { caseExact: true }),
  of("count", { type: "integer" }),
  of("ratio", { type: "decimal" }),
  of("flag", { type: "boolean" }),
  of("since", { type: "dateTime" }),
  of("blob", { type: "binary" }),
  of("link", { type: "reference", referenceTypes: ["uri"], caseExact: true }),
  of("size", { canonicalValues: ["S", "M", "L"] }),
  severalOf("tags"),
  severalOf("codes", { caseExact: true }),
  severalOf("counts", { type: "integer" }),
  severalOf("ratios", { type: "decimal" }),
  severalOf("flags", { type: "boolean" }),
  severalOf("sinces", { type: "dateTime" }),
  severalOf("blobs", { type: "binary" }),
  severalOf("links", { type: "reference", referenceTypes: ["uri"] }),
  of("place", {
    subAttributes: [
      of("street"),
      of("serial", { mutability: "immutable" }),
      of("seen", { mutability: "readOnly" }),
      of("pin", { mutability: "writeOnly", returned: "never" }),
    ],
  }),
  of("contact", { subAttributes: [of("value", { required: true }), of("note")] }),
  severalOf("entries", {
    subAttributes: [
      of("value"),
      of("type", { canonicalValues: ["a", "b"] }),
      primary,
      of("note"),
      of("serial", { mutability: "immutable" }),
      of("seen", { mutability: "readOnly" }),
      of("pin", { mutability: "writeOnly", returned: "never" }),
    ],
  }),
  severalOf("items", {
    subAttributes: [of("value", { required: true }), of("type"), primary, of("note")],
  }),
  of("birth", { mutability: "immutable" }),
  severalOf("stamps", { mutability: "immutable" }),
  of("deed", { mutability: "immutable", subAttributes: [of("number"), of("page")] }),
  of("rank", { mutability: "readOnly" }),
  severalOf("ranks", { mutability: "readOnly" }),
  of("secret", { mutability: "writeOnly", returned: "never" }),
  of("pin", { mutability: "writeOnly" }),
  of("hidden", { returned: "never" }),
  of("hint", { returned: "request" }),
  of("anchor", {
    returned: "always",
    subAttributes: [
      of("value"),
      of("fixed", { returned: "always" }),
      of("wish", { returned: "request" }),
    ],
  }),
  severalOf("views", {
    subAttributes: [
      of("value"),
      of("fixed", { returned: "always" }),
      of("hidden", { returned: "never" }),
      of("wish", { returned: "request" }),
    ],
  }),
];

/** A resource type with an attribute of every type, mutability and `returned`, alone and in values. */
export const everyKindType: ResourceType = {
  name: "Thing",
  endpoint: "/Things",
  description: "Thing",
  schema: { id: thingUrn, name: "Thing", description: "Thing", attributes },
  extensions: [
    {
      required: true,
      schema: {
        id: requiredUrn,
        name: "Required",
        description: "What every thing has",
        attributes: [
          of("owner"),
          of("budget", { type: "integer" }),
          of("mark", { mutability: "immutable" }),
          of("state", { mutability: "readOnly" }),
        ],
      },
    },
    {
      required: false,
      schema: {
        id: optionalUrn,
        name: "Optional",
        description: "What some things have",
        attributes: [
          of("must", { required: true }),
          of("grade"),
          severalOf("notes", { subAttributes: [of("value"), of("type")] }),
          of("proof", { returned: "always" }),
          of("wish", { returned: "request" }),
          of("key", { mutability: "writeOnly", returned: "never" }),
          of("state", { mutability: "readOnly" }),
        ],
      },
    },
  ],
};

/** The least that a thing is made of, and what a test gives it besides. */
export const aThing = (given: JsonObject = {}): JsonObject => ({
  schemas: [thingUrn, requiredUrn, ...(Object.hasOwn(given, optionalUrn) ? [optionalUrn] : [])],
  label: "Thing",
  [requiredUrn]: { owner: "o" },
  ...given,
});
