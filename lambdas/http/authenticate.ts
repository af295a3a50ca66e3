import type { MiddlewareObj } from "@middy/core";
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from "aws-lambda";
import { bearerToken } from "../auth/bearer.ts";
import type { Credentials } from "../auth/principal.ts";
import { ScimError } from "../scim/errors.ts";
import type { EdgeContext } from "./context.ts";

type Middleware = MiddlewareObj<APIGatewayProxyEvent, APIGatewayProxyResult, Error, EdgeContext>;

/** Finds out who is calling: whatever runs later may rely on `context.principal`, unless its route is public. */
export const authenticate = (
  credentials: Credentials,
  isPublic: (event: APIGatewayProxyEvent) => boolean,
): Middleware => ({
  before: async ({ event, context }) => {
    // Whoever sends a token to try it out is told if it is wrong, whatever the route.
    if (isPublic(event) && !hasAuthorization(event)) return;
    const token = bearerToken(event.multiValueHeaders);
    const principal = token && (await credentials.verify(token));
    // Missing, malformed and wrong get one answer: only an attacker gains from the difference.
    if (!principal)
      throw new ScimError(
        401,
        "The bearer token is missing, wrong, expired or revoked; check the Secret Token.",
      );
    context.principal = principal;
  },
});

const hasAuthorization = ({ multiValueHeaders }: APIGatewayProxyEvent): boolean =>
  Object.keys(multiValueHeaders ?? {}).some((name) => name.toLowerCase() === "authorization");
