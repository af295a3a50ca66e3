import { readDeploymentTypes } from "../deployment.ts";
import { scimEndpoint } from "../http/endpoint.ts";
import { scimRuntime } from "../runtime.ts";
import { groupStore } from "../store/dynamodb/groups.ts";
import { groupRoutes } from "./routes.ts";

const { table, edge } = scimRuntime();
const { group: type } = readDeploymentTypes();

export const handler = scimEndpoint(
  groupRoutes({ type, store: groupStore(table, type), family: "groups" }),
  edge,
);
