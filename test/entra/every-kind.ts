import type { Attribute, AttributeType, ResourceType } from "../../lambdas/scim/schema.ts";
import { attribute, primary } from "../../lambdas/scim/schemas/define.ts";

const types: readonly Exclude<AttributeType, "complex">[] = [
  "string",
  "boolean",
  "decimal",
  "integer",
  "dateTime",
  "binary",
  "reference",
];

/** One attribute of each type, alone and in a list: `integer` and `integers`. */
const simple: readonly Attribute[] = types.flatMap((type) => [
  attribute(type, "One.", { type }),
  attribute(`${type}s`, "Several.", { type, multiValued: true }),
]);

/** Complex attributes, with every simple one inside, and with a `value` of each type. */
const complex: readonly Attribute[] = [false, true].flatMap((multiValued) => {
  const end = multiValued ? "s" : "";
  const valued = types.map((type) =>
    attribute(`${type}Value${end}`, "With a value.", {
      multiValued,
      subAttributes: [
        attribute("value", "The value.", { type }),
        attribute("$ref", "Where it is.", { type: "reference" }),
        attribute("type", "What for."),
        primary,
      ],
    }),
  );
  return [
    attribute(multiValued ? "boxes" : "box", "Boxed.", { multiValued, subAttributes: simple }),
    ...valued,
  ];
});

/** Attributes that a client may not change at will. */
const bound: readonly Attribute[] = [
  attribute("code", "Required.", { required: true }),
  attribute("owner", "Required, and points at another.", {
    required: true,
    subAttributes: [
      attribute("value", "Who."),
      attribute("$ref", "Where.", { type: "reference", required: true }),
    ],
  }),
  attribute("born", "Set once.", { type: "integer", mutability: "immutable" }),
  attribute("births", "Set once.", { mutability: "immutable", multiValued: true }),
  attribute("seen", "Set by the service.", { type: "boolean", mutability: "readOnly" }),
  attribute("secret", "Never shown.", { mutability: "writeOnly", returned: "never" }),
  attribute("members", "No group's.", { multiValued: true, subAttributes: simple }),
  attribute("roles", "No user's.", { multiValued: true }),
];

export const everyKindUrn = "urn:example:params:scim:schemas:core:2.0:Device";
export const everyKindExtensionUrn = "urn:example:params:scim:schemas:extension:site:2.0:Device";

/** A resource type as a deployment may add one, with every kind of attribute. */
export const everyKind: ResourceType = {
  name: "Device",
  endpoint: "/Devices",
  description: "Device",
  schema: {
    id: everyKindUrn,
    name: "Device",
    description: "Device",
    attributes: [...simple, ...complex, ...bound],
  },
  extensions: [
    {
      required: false,
      schema: {
        id: everyKindExtensionUrn,
        name: "Site",
        description: "Site",
        attributes: [...simple, ...complex],
      },
    },
  ],
};
