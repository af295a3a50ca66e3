import type { Action } from "../http/action.ts";
import type { Route } from "../routes.ts";
import type { UserStore } from "../store/store.ts";
import { createUser } from "./create.ts";
import { deleteUser } from "./delete.ts";
import { getUser } from "./get.ts";
import { listUsers, searchUsers } from "./list.ts";
import { patchUser } from "./patch.ts";
import { replaceUser } from "./replace.ts";

/** What each route does. A route without an action does not compile. */
export const userRoutes = (users: UserStore): Record<Route<"users">, Action> => ({
  "GET /Users": listUsers(users),
  "POST /Users": createUser(users),
  "POST /Users/.search": searchUsers(users),
  "GET /Users/{id}": getUser(users),
  "PUT /Users/{id}": replaceUser(users),
  "PATCH /Users/{id}": patchUser(users),
  "DELETE /Users/{id}": deleteUser(users),
});
