import { readDeploymentTypes } from "../deployment.ts";
import { scimEndpoint } from "../http/endpoint.ts";
import { scimRuntime } from "../runtime.ts";
import { discoveryRoutes } from "./routes.ts";

export const handler = scimEndpoint(discoveryRoutes(readDeploymentTypes()), scimRuntime().edge);
