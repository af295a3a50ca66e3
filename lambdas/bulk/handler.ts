import { readDeploymentTypes } from "../deployment.ts";
import { actionsOf, openDirectory } from "../directory.ts";
import { logUnexpected } from "../http/answer-errors.ts";
import { scimEndpoint } from "../http/endpoint.ts";
import { scimRuntime } from "../runtime.ts";
import { bulkRoutes } from "./routes.ts";

const { table, edge } = scimRuntime();

const actions = actionsOf(openDirectory(table, readDeploymentTypes()));

export const handler = scimEndpoint(
  bulkRoutes({ actions, patience: edge, report: logUnexpected(edge.logger) }),
  edge,
);
