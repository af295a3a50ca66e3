import type { Action } from "../http/action.ts";
import { createResource } from "../resources/create.ts";
import { deleteOne } from "../resources/delete.ts";
import { getResource } from "../resources/get.ts";
import { listResources, searchResources } from "../resources/list.ts";
import { patchOne } from "../resources/patch.ts";
import { replaceOne } from "../resources/replace.ts";
import type { Served } from "../resources/served.ts";
import type { Route } from "../routes.ts";

/** What each route does. A route without an action does not compile. */
export const userRoutes = (users: Served): Record<Route<"users">, Action> => ({
  "GET /Users": listResources(users),
  "POST /Users": createResource(users),
  "POST /Users/.search": searchResources(users),
  "GET /Users/{id}": getResource(users),
  "PUT /Users/{id}": replaceOne(users),
  "PATCH /Users/{id}": patchOne(users),
  "DELETE /Users/{id}": deleteOne(users),
});
