import type { Action } from "../http/action.ts";
import { createResource } from "./create.ts";
import { deleteOne } from "./delete.ts";
import { getResource } from "./get.ts";
import { listResources, searchResources } from "./list.ts";
import { patchOne } from "./patch.ts";
import { replaceOne } from "./replace.ts";
import type { Served } from "./served.ts";

/** What the routes of a type that the deployment adds do: those of `routesOf` for its endpoint. */
export const resourceRoutes = (served: Served): Readonly<Record<string, Action>> => {
  const { endpoint } = served.type;
  return {
    [`GET ${endpoint}`]: listResources(served),
    [`POST ${endpoint}`]: createResource(served),
    [`POST ${endpoint}/.search`]: searchResources(served),
    [`GET ${endpoint}/{id}`]: getResource(served),
    [`PUT ${endpoint}/{id}`]: replaceOne(served),
    [`PATCH ${endpoint}/{id}`]: patchOne(served),
    [`DELETE ${endpoint}/{id}`]: deleteOne(served),
  };
};
