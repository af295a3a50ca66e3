import { scimEndpoint } from "../http/endpoint.ts";
import { scimRuntime } from "../runtime.ts";
import { searchRoutes } from "./routes.ts";

export const handler = scimEndpoint(searchRoutes([]), scimRuntime().edge);
