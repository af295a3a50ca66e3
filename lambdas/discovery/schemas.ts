import { type Action, ok } from "../http/action.ts";
import { notFound } from "../scim/errors.ts";
import type { JsonObject } from "../scim/json.ts";
import { listResponse } from "../scim/list-response.ts";
import { groupType, userType } from "../scim/resource-types.ts";
import type { Attribute, Schema } from "../scim/schema.ts";
import { schemaUrn } from "../scim/urns.ts";

const schemas = [userType, groupType].flatMap(({ schema, extensions }) => [
  schema,
  ...extensions.map((extension) => extension.schema),
]);

/** GET /Schemas (RFC 7644, section 4). */
export const listSchemas: Action = {
  scope: undefined,
  run: async ({ baseUrl }) => {
    const resources = schemas.map((schema) => toResource(schema, baseUrl));
    return ok(listResponse(resources, resources.length));
  },
};

/** GET /Schemas/{id} (RFC 7644, section 4). */
export const getSchema: Action = {
  scope: undefined,
  run: async ({ id, baseUrl }) => {
    const schema = schemas.find((one) => one.id === id);
    if (!schema) throw notFound("Schema", id);
    return ok(toResource(schema, baseUrl));
  },
};

/** RFC 7643, section 7. */
function toResource({ id, name, description, attributes }: Schema, baseUrl: string): JsonObject {
  return {
    schemas: [schemaUrn],
    id,
    name,
    description,
    attributes: attributes.map(toJson),
    meta: { resourceType: "Schema", location: `${baseUrl}/Schemas/${id}` },
  };
}

function toJson({ subAttributes, ...attribute }: Attribute): JsonObject {
  return subAttributes ? { ...attribute, subAttributes: subAttributes.map(toJson) } : attribute;
}
