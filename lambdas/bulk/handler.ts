import { groupRoutes } from "../groups/routes.ts";
import { logUnexpected } from "../http/answer-errors.ts";
import { scimEndpoint } from "../http/endpoint.ts";
import { scimRuntime } from "../runtime.ts";
import { groupStore } from "../store/dynamodb/groups.ts";
import { userStore } from "../store/dynamodb/users.ts";
import { userRoutes } from "../users/routes.ts";
import { bulkRoutes } from "./routes.ts";

const { table, edge } = scimRuntime();

const actions = { ...userRoutes(userStore(table)), ...groupRoutes(groupStore(table)) };

export const handler = scimEndpoint(
  bulkRoutes({ actions, patience: edge, report: logUnexpected(edge.logger) }),
  edge,
);
