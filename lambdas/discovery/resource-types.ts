import { type Action, ok } from "../http/action.ts";
import { notFound } from "../scim/errors.ts";
import type { JsonObject } from "../scim/json.ts";
import { listResponse } from "../scim/list-response.ts";
import { groupType, userType } from "../scim/resource-types.ts";
import type { ResourceType } from "../scim/schema.ts";
import { resourceTypeUrn } from "../scim/urns.ts";

const types = [userType, groupType];

/** GET /ResourceTypes (RFC 7644, section 4). */
export const listResourceTypes: Action = {
  scope: undefined,
  run: async ({ baseUrl }) => {
    const resources = types.map((type) => toResource(type, baseUrl));
    return ok(listResponse(resources, resources.length));
  },
};

/** GET /ResourceTypes/{id} (RFC 7644, section 4). */
export const getResourceType: Action = {
  scope: undefined,
  run: async ({ id, baseUrl }) => {
    const type = types.find(({ name }) => name === id);
    if (!type) throw notFound("ResourceType", id);
    return ok(toResource(type, baseUrl));
  },
};

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
