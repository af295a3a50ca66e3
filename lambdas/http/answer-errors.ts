import type { Logger } from "@aws-lambda-powertools/logger";
import type { MiddlewareObj } from "@middy/core";
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from "aws-lambda";
import { ScimError } from "../scim/errors.ts";
import { answerError } from "./answer.ts";
import type { EdgeContext } from "./context.ts";

type Middleware = MiddlewareObj<APIGatewayProxyEvent, APIGatewayProxyResult, Error, EdgeContext>;

/** Answers what was thrown. */
export const answerErrors = (logger: Pick<Logger, "error">): Middleware => ({
  onError: (request) => {
    const { requestId } = request.event.requestContext;
    logUnexpected(logger)(request.error, requestId);
    request.response = answerError(request.error, requestId);
  },
});

/** Logs what nobody threw on purpose, with its stack. */
export const logUnexpected =
  (logger: Pick<Logger, "error">) =>
  (error: unknown, requestId: string): void => {
    if (!(error instanceof ScimError)) logger.error("Unexpected error", { requestId, error });
  };
