import { readDeploymentTypes } from "../deployment.ts";
import { servedOther } from "../directory.ts";
import { scimEndpoint } from "../http/endpoint.ts";
import { scimRuntime } from "../runtime.ts";
import { resourceRoutes } from "./routes.ts";

const { table, edge } = scimRuntime();

const served = readDeploymentTypes().others.map((type) => servedOther(table, type));

export const handler = scimEndpoint(Object.assign({}, ...served.map(resourceRoutes)), edge);
