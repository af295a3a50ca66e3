import { scimEndpoint } from "../http/endpoint.ts";
import { scimRuntime } from "../runtime.ts";
import { groupStore } from "../store/dynamodb/groups.ts";
import { groupRoutes } from "./routes.ts";

const { table, edge } = scimRuntime();

export const handler = scimEndpoint(groupRoutes(groupStore(table)), edge);
