import { type Action, notBuilt } from "../http/action.ts";
import type { Route } from "../routes.ts";
import { getResourceType, listResourceTypes } from "./resource-types.ts";
import { getSchema, listSchemas } from "./schemas.ts";
import { getServiceProviderConfig } from "./service-provider-config.ts";

/** RFC 7644, section 3.11: a client here is an application, of which the directory holds no user. */
const me = notBuilt("/Me");

export const discoveryRoutes: Record<Route<"discovery">, Action> = {
  "GET /ServiceProviderConfig": getServiceProviderConfig,
  "GET /ResourceTypes": listResourceTypes,
  "GET /ResourceTypes/{id}": getResourceType,
  "GET /Schemas": listSchemas,
  "GET /Schemas/{id}": getSchema,
  "GET /Me": me,
  "POST /Me": me,
  "PUT /Me": me,
  "PATCH /Me": me,
  "DELETE /Me": me,
};
