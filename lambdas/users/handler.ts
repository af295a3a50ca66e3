import { readDeploymentTypes } from "../deployment.ts";
import { scimEndpoint } from "../http/endpoint.ts";
import { scimRuntime } from "../runtime.ts";
import { userStore } from "../store/dynamodb/users.ts";
import { userRoutes } from "./routes.ts";
import { servedUsers } from "./users.ts";

const { table, edge } = scimRuntime();
const { user } = readDeploymentTypes();

export const handler = scimEndpoint(userRoutes(servedUsers(userStore(table, user), user)), edge);
