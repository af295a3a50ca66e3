import { type Action, notBuilt } from "../http/action.ts";
import type { Route } from "../routes.ts";

export const searchRoutes: Record<Route<"search">, Action> = {
  "GET /": notBuilt("A search over all resource types"),
  "POST /.search": notBuilt("A search over all resource types"),
};
