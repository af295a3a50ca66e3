import type { APIGatewayProxyEvent } from "aws-lambda";
import { ScimError } from "../scim/errors.ts";
import type { Action, PublicAction } from "./action.ts";

/** What the routes of one function do. */
export type Actions = Readonly<Record<string, Action | PublicAction>>;

/** A path that exists, and a method that it does not have. */
export class MethodNotAllowed extends ScimError {
  readonly allowed: readonly string[];

  constructor(method: string, allowed: readonly string[]) {
    super(405, `This endpoint does not know ${method}; it knows ${allowed.join(", ")}.`);
    this.allowed = allowed;
  }
}

type Asked = Pick<APIGatewayProxyEvent, "httpMethod" | "resource">;

/** The action of the route that was asked for, if there is one. HEAD is GET without the body (RFC 9110, section 9.3.2). */
export function findAction(
  actions: Actions,
  { httpMethod, resource }: Asked,
  basePath: string,
): Action | PublicAction | undefined {
  const method = httpMethod === "HEAD" ? "GET" : httpMethod;
  const route = `${method} ${pathOf(resource, basePath)}`;
  return Object.hasOwn(actions, route) ? actions[route] : undefined;
}

/** Why there is no such action. */
export function noAction(
  actions: Actions,
  { httpMethod, resource }: Asked,
  basePath: string,
): ScimError {
  const path = pathOf(resource, basePath);
  const allowed = Object.keys(actions).flatMap((route) => {
    const [method = "", of] = route.split(" ");
    if (of !== path) return [];
    return method === "GET" ? ["GET", "HEAD"] : [method];
  });
  return allowed.length > 0
    ? new MethodNotAllowed(httpMethod, allowed)
    : new ScimError(404, "There is no such endpoint.");
}

const pathOf = (resource: string, basePath: string) => resource.slice(basePath.length) || "/";
