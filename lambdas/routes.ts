/** What every resource type answers at its endpoint (RFC 7644, section 3.2). */
export const routesOf = <Endpoint extends `/${string}`>(endpoint: Endpoint) =>
  [
    `GET ${endpoint}`,
    `POST ${endpoint}`,
    `POST ${endpoint}/.search`,
    `GET ${endpoint}/{id}`,
    `PUT ${endpoint}/{id}`,
    `PATCH ${endpoint}/{id}`,
    `DELETE ${endpoint}/{id}`,
  ] as const;

/**
 * Every route below the base path, by the function that answers it: API Gateway
 * is built from this, and each function's actions are type-checked against it.
 * The types that a deployment adds have routes of the same form, answered by one function more.
 */
export const routes = {
  users: routesOf("/Users"),
  groups: routesOf("/Groups"),
  bulk: ["POST /Bulk"],
  search: ["GET /", "POST /.search"],
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
