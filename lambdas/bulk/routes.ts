import { type Action, notBuilt } from "../http/action.ts";
import type { Route } from "../routes.ts";

export const bulkRoutes: Record<Route<"bulk">, Action> = {
  "POST /Bulk": notBuilt("Bulk"),
};
