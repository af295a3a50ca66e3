import type { PublicAction } from "../http/action.ts";
import { notFound } from "../scim/errors.ts";
import type { JsonObject } from "../scim/json.ts";
import { listResponse } from "../scim/list-response.ts";
import type { Attribute, ResourceType, Schema } from "../scim/schema.ts";
import { discoverySchemas } from "../scim/schemas/discovery.ts";
import { schemaUrn } from "../scim/urns.ts";
import { discover } from "./discovery.ts";

/** GET /Schemas (RFC 7644, section 4). */
export const listSchemas = (types: readonly ResourceType[]): PublicAction =>
  discover(({ baseUrl }) => {
    const resources = schemasOf(types).map((schema) => toResource(schema, baseUrl));
    return listResponse(resources, resources.length);
  });

/** GET /Schemas/{id} (RFC 7644, section 4). */
export const getSchema = (types: readonly ResourceType[]): PublicAction =>
  discover(({ id, baseUrl }) => {
    const schema = schemasOf(types).find((one) => one.id.toLowerCase() === id.toLowerCase());
    if (!schema) throw notFound("Schema", id);
    return toResource(schema, baseUrl);
  });

/** Each schema once, of however many types it is an extension; those of discovery's own answers last. */
function schemasOf(types: readonly ResourceType[]): readonly Schema[] {
  const all = types.flatMap(({ schema, extensions }) => [
    schema,
    ...extensions.map((extension) => extension.schema),
  ]);
  const byId = new Map([...all, ...discoverySchemas].map((schema) => [schema.id, schema]));
  return [...byId.values()];
}

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
