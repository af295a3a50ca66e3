import type { Action } from "../http/action.ts";
import type { Route } from "../routes.ts";
import { type BulkDeps, bulk } from "./bulk.ts";

/** What each route does. A route without an action does not compile. */
export const bulkRoutes = (deps: BulkDeps): Record<Route<"bulk">, Action> => ({
  "POST /Bulk": bulk(deps),
});
