/**
 * Every route below the base path, by the function that answers it: API Gateway
 * is built from this, and each function's actions are type-checked against it.
 */
export const routes = {
  users: [
    "GET /Users",
    "POST /Users",
    "POST /Users/.search",
    "GET /Users/{id}",
    "PUT /Users/{id}",
    "PATCH /Users/{id}",
    "DELETE /Users/{id}",
  ],
  groups: [
    "GET /Groups",
    "POST /Groups",
    "POST /Groups/.search",
    "GET /Groups/{id}",
    "PUT /Groups/{id}",
    "PATCH /Groups/{id}",
    "DELETE /Groups/{id}",
  ],
  bulk: ["POST /Bulk"],
  search: ["POST /.search"],
  discovery: [
    "GET /ServiceProviderConfig",
    "GET /ResourceTypes",
    "GET /ResourceTypes/{id}",
    "GET /Schemas",
    "GET /Schemas/{id}",
    "GET /Me",
    "POST /Me",
    "PUT /Me",
    "PATCH /Me",
    "DELETE /Me",
  ],
} as const;

/** The name of a function that answers routes. */
export type RoutedFunction = keyof typeof routes;

/** A route of `F`, such as `PATCH /Users/{id}`. */
export type Route<F extends RoutedFunction = RoutedFunction> = (typeof routes)[F][number];
