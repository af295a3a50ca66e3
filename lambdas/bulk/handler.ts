import { scimEndpoint } from "../http/endpoint.ts";
import { scimRuntime } from "../runtime.ts";
import { bulkRoutes } from "./routes.ts";

export const handler = scimEndpoint(bulkRoutes, scimRuntime().edge);
