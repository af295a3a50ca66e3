import type { Action } from "../http/action.ts";
import { deleteOne } from "../resources/delete.ts";
import type { Route } from "../routes.ts";
import { createGroup } from "./create.ts";
import { getGroup } from "./get.ts";
import type { ServedGroups } from "./groups.ts";
import { listGroups, searchGroups } from "./list.ts";
import { patchGroup } from "./patch.ts";
import { replaceGroup } from "./replace.ts";

/** What each route does. A route without an action does not compile. */
export const groupRoutes = (groups: ServedGroups): Record<Route<"groups">, Action> => ({
  "GET /Groups": listGroups(groups),
  "POST /Groups": createGroup(groups),
  "POST /Groups/.search": searchGroups(groups),
  "GET /Groups/{id}": getGroup(groups),
  "PUT /Groups/{id}": replaceGroup(groups),
  "PATCH /Groups/{id}": patchGroup(groups),
  "DELETE /Groups/{id}": deleteOne(groups),
});
