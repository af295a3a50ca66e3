import { type Action, notBuilt, type PublicAction } from "../http/action.ts";
import type { Route } from "../routes.ts";
import type { ResourceTypes } from "../scim/resource-types.ts";
import { getResourceType, listResourceTypes } from "./resource-types.ts";
import { getSchema, listSchemas } from "./schemas.ts";
import { getServiceProviderConfig } from "./service-provider-config.ts";

/** RFC 7644, section 3.11: a client here is an application, of which the directory holds no user. */
const me = notBuilt("/Me");

/** What each route tells of the deployment's resource types. */
export const discoveryRoutes = ({
  user,
  group,
  others,
}: ResourceTypes): Record<Route<"discovery">, Action | PublicAction> => {
  const types = [user, group, ...others];
  return {
    "GET /ServiceProviderConfig": getServiceProviderConfig,
    "GET /ResourceTypes": listResourceTypes(types),
    "GET /ResourceTypes/{id}": getResourceType(types),
    "GET /Schemas": listSchemas(types),
    "GET /Schemas/{id}": getSchema(types),
    "GET /Me": me,
    "POST /Me": me,
    "PUT /Me": me,
    "PATCH /Me": me,
    "DELETE /Me": me,
  };
};
