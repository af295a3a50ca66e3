import type { Action, ScimRequest } from "../http/action.ts";
import type { BulkOperation } from "../scim/bulk/operation.ts";
import { ScimError } from "../scim/errors.ts";
import { quoted } from "../scim/json.ts";

type Actions = Readonly<Record<string, Action>>;

/** Gives the action of the route to which an operation would be sent alone. @throws ScimError 404 */
export type FindAction = (operation: BulkOperation) => Action;

/** Finds actions among those of resource types; Bulk itself, searches and discovery cannot be operations. */
export function findActionIn(actions: Actions): FindAction {
  const endpoints = new Set(
    Object.keys(actions)
      .map((route) => /^PUT (\/.+)\/\{id\}$/.exec(route)?.[1])
      .filter((endpoint) => endpoint !== undefined),
  );
  return ({ method, target: { endpoint, id } }) => {
    const route = id === "" ? `${method} ${endpoint}` : `${method} ${endpoint}/{id}`;
    const action = endpoints.has(endpoint) ? actions[route] : undefined;
    if (action) return action;
    throw new ScimError(
      404,
      `There is no ${quoted(route)} in bulk requests; POST to an endpoint such as /Users, and others to a path such as /Users/{id}.`,
    );
  };
}

/** The request by which the operation would be sent alone. */
export function asSingleRequest(
  { method, target, version, data }: BulkOperation,
  bulk: ScimRequest,
): ScimRequest {
  return {
    ...bulk,
    id: target.id,
    // No answer of an operation is shown, so that nothing need be read for one.
    query: new Map([["excludedattributes", "members,groups"]]),
    body: data,
    // A resource that is yet to be created has no version.
    preconditions: method === "POST" ? {} : { ifMatch: version },
  };
}
