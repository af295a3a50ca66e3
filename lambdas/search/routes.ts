import type { Action } from "../http/action.ts";
import type { Route } from "../routes.ts";
import { listAll, searchAll } from "./search.ts";
import type { SearchSource } from "./source.ts";

/** What each route does, over the types of `sources` in their order. */
export const searchRoutes = (
  sources: readonly SearchSource[],
): Record<Route<"search">, Action> => ({
  "GET /": listAll(sources),
  "POST /.search": searchAll(sources),
});
