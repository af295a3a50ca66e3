import type { PublicAction } from "../http/action.ts";
import { notFound } from "../scim/errors.ts";
import type { JsonObject } from "../scim/json.ts";
import { listResponse } from "../scim/list-response.ts";
import type { ResourceType } from "../scim/schema.ts";
import { resourceTypeUrn } from "../scim/urns.ts";
import { discover } from "./discovery.ts";

/** GET /ResourceTypes (RFC 7644, section 4). */
export const listResourceTypes = (types: readonly ResourceType[]): PublicAction =>
  discover(({ baseUrl }) => {
    const resources = types.map((type) => toResource(type, baseUrl));
    return listResponse(resources, resources.length);
  });

/** GET /ResourceTypes/{id} (RFC 7644, section 4). */
export const getResourceType = (types: readonly ResourceType[]): PublicAction =>
  discover(({ id, baseUrl }) => {
    const type = types.find(({ name }) => name === id);
    if (!type) throw notFound("ResourceType", id);
    return toResource(type, baseUrl);
  });

/** RFC 7643, section 6. */
function toResource(type: ResourceType, baseUrl: string): JsonObject {
  const { name, endpoint, description, schema, extensions } = type;
  return {
    schemas: [resourceTypeUrn],
    id: name,
    name,
    endpoint,
    description,
    schema: schema.id,
    schemaExtensions: extensions.map(({ schema: { id }, required }) => ({ schema: id, required })),
    meta: { resourceType: "ResourceType", location: `${baseUrl}/ResourceTypes/${name}` },
  };
}
