import { type Attribute, characteristicWords, type Schema } from "../schema.ts";
import { resourceTypeUrn, schemaUrn, serviceProviderConfigUrn } from "../urns.ts";
import { attribute } from "./define.ts";

type Given = Parameters<typeof attribute>[2];

/** What only the service says. */
const told = (name: string, description: string, given: Given = {}): Attribute =>
  attribute(name, description, { mutability: "readOnly", ...given });

const flag = (name: string, description: string) => told(name, description, { type: "boolean" });
const count = (name: string, description: string) => told(name, description, { type: "integer" });
const link = (name: string, description: string, to: string) =>
  told(name, description, { type: "reference", referenceTypes: [to], caseExact: true });

const supported = flag("supported", "Whether the service does this.");
const capability = (name: string, description: string, ...more: readonly Attribute[]) =>
  told(name, description, { required: true, subAttributes: [supported, ...more] });

/** What a service can do (RFC 7643, sections 5 and 8.7.2; RFC 9865, section 4). */
const serviceProviderConfigSchema: Schema = {
  id: serviceProviderConfigUrn,
  name: "ServiceProviderConfig",
  description: "What the service can do",
  attributes: [
    link("documentationUri", "Where people read about the service.", "external"),
    capability("patch", "Changes by PATCH."),
    capability(
      "bulk",
      "Many operations in one request.",
      count("maxOperations", "How many operations a request may have."),
      count("maxPayloadSize", "How many bytes a request may have."),
    ),
    capability("filter", "Filters.", count("maxResults", "How many resources an answer may have.")),
    capability("changePassword", "Changes of a password."),
    capability("sort", "Sorting."),
    capability("etag", "Versions in the header ETag."),
    told("pagination", "How lists are read page by page.", {
      subAttributes: [
        flag("cursor", "Whether pages go by cursor."),
        flag("index", "Whether pages go by index."),
        told("defaultPaginationMethod", "How they go unless the client says.", {
          canonicalValues: ["cursor", "index"],
        }),
        count("defaultPageSize", "How many resources a page has unless the client says."),
        count("maxPageSize", "How many resources a page may have."),
        count("cursorTimeout", "For how many seconds a cursor holds."),
      ],
    }),
    told("authenticationSchemes", "How clients say who they are.", {
      required: true,
      multiValued: true,
      subAttributes: [
        told("type", "The scheme.", {
          canonicalValues: ["oauth", "oauth2", "oauthbearertoken", "httpbasic", "httpdigest"],
        }),
        told("name", "The scheme's name.", { required: true }),
        told("description", "What the scheme is.", { required: true }),
        link("specUri", "Where the scheme is specified.", "external"),
        link("documentationUri", "Where people read about the scheme.", "external"),
        flag("primary", "Whether it is the preferred scheme."),
      ],
    }),
  ],
};

/** What kinds of resources there are (RFC 7643, sections 6 and 8.7.2). */
const resourceTypeSchema: Schema = {
  id: resourceTypeUrn,
  name: "ResourceType",
  description: "A kind of resource",
  attributes: [
    told("name", "The type's name.", { required: true }),
    told("description", "What the type is."),
    link("endpoint", "Where its resources are, below the base.", "uri"),
    link("schema", "Its schema.", "uri"),
    told("schemaExtensions", "The extensions that its resources may have.", {
      multiValued: true,
      subAttributes: [
        link("schema", "The extension.", "uri"),
        flag("required", "Whether a resource must have it."),
      ],
    }),
  ],
};

/** The characteristics of an attribute (RFC 7643, section 7). */
const characteristics: readonly Attribute[] = [
  told("name", "The attribute's name.", { required: true, caseExact: true }),
  told("type", "The type of its values.", {
    required: true,
    canonicalValues: characteristicWords.type,
  }),
  flag("multiValued", "Whether it may have several values."),
  told("description", "What it is."),
  flag("required", "Whether a resource must have it."),
  told("canonicalValues", "Values that are usual.", { multiValued: true, caseExact: true }),
  flag("caseExact", "Whether its values differ by case."),
  told("mutability", "Who may set it, and when.", {
    canonicalValues: characteristicWords.mutability,
  }),
  told("returned", "When it is shown.", {
    canonicalValues: characteristicWords.returned,
  }),
  told("uniqueness", "Among which resources its value is the only one.", {
    canonicalValues: characteristicWords.uniqueness,
  }),
  told("referenceTypes", "What a reference leads to.", { multiValued: true, caseExact: true }),
];

/** What attributes there are (RFC 7643, sections 7 and 8.7.2). */
const schemaSchema: Schema = {
  id: schemaUrn,
  name: "Schema",
  description: "The attributes of a kind of resource, or of an extension",
  attributes: [
    told("name", "The schema's name.", { required: true }),
    told("description", "What the schema is."),
    told("attributes", "The attributes.", {
      required: true,
      multiValued: true,
      subAttributes: [
        ...characteristics,
        told("subAttributes", "The attribute's parts.", {
          multiValued: true,
          subAttributes: characteristics,
        }),
      ],
    }),
  ],
};

/** The schemas of what discovery itself answers. */
export const discoverySchemas: readonly Schema[] = [
  serviceProviderConfigSchema,
  resourceTypeSchema,
  schemaSchema,
];
