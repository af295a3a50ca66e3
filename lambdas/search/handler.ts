import { readDeploymentTypes } from "../deployment.ts";
import { openDirectory, sourcesOf } from "../directory.ts";
import { scimEndpoint } from "../http/endpoint.ts";
import { scimRuntime } from "../runtime.ts";
import { searchRoutes } from "./routes.ts";

const { table, edge } = scimRuntime();

const sources = sourcesOf(openDirectory(table, readDeploymentTypes()));

export const handler = scimEndpoint(searchRoutes(sources), edge);
