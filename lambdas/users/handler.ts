import { scimEndpoint } from "../http/endpoint.ts";
import { scimRuntime } from "../runtime.ts";
import { userStore } from "../store/dynamodb/users.ts";
import { userRoutes } from "./routes.ts";

const { table, edge } = scimRuntime();

export const handler = scimEndpoint(userRoutes(userStore(table)), edge);
