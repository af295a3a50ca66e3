import { readDeploymentTypes } from "../deployment.ts";
import { scimEndpoint } from "../http/endpoint.ts";
import { scimRuntime } from "../runtime.ts";
import { resourceStore } from "../store/dynamodb/resources.ts";
import { resourceRoutes } from "./routes.ts";

const { table, edge } = scimRuntime();

const actions = readDeploymentTypes().others.map((type) =>
  resourceRoutes({ type, store: resourceStore(table, type), family: "resources" }),
);

export const handler = scimEndpoint(Object.assign({}, ...actions), edge);
