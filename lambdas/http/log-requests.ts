import type { Logger } from "@aws-lambda-powertools/logger";
import type { MiddlewareObj, Request } from "@middy/core";
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from "aws-lambda";
import { ScimError } from "../scim/errors.ts";
import type { EdgeContext } from "./context.ts";

type EdgeRequest = Request<APIGatewayProxyEvent, APIGatewayProxyResult, Error, EdgeContext>;
type Middleware = MiddlewareObj<APIGatewayProxyEvent, APIGatewayProxyResult, Error, EdgeContext>;

/** One line a request: who, what, how it ended. Never a header, a query or a body: they hold tokens and people. */
export const logRequests = (logger: Pick<Logger, "info">): Middleware => {
  const log = ({ event, context, response, error }: EdgeRequest) => {
    const { httpMethod, resource, requestContext } = event;
    logger.info("request", {
      requestId: requestContext.requestId,
      route: `${httpMethod} ${resource}`,
      status: response?.statusCode,
      scimType: error instanceof ScimError ? error.scimType : undefined,
      milliseconds: Math.round(performance.now() - (context.startedAt ?? performance.now())),
      tenant: context.principal?.tenant,
      credential: context.principal?.credential,
    });
  };
  return {
    before: ({ context }) => {
      context.startedAt = performance.now();
    },
    after: log,
    onError: log,
  };
};
