import type { APIGatewayProxyResult } from "aws-lambda";
import { ScimError, tooMany } from "../scim/errors.ts";
import type { JsonObject } from "../scim/json.ts";
import { errorUrn } from "../scim/urns.ts";
import type { ScimReply } from "./action.ts";
import { MethodNotAllowed } from "./find-action.ts";

const contentType = { "Content-Type": "application/scim+json" };

/** A function's answer may take 6 MB, and the body is written into it as a JSON string. */
const largestAnswer = 5_900_000;

/** A reply as API Gateway takes it. @throws ScimError 400 `tooMany` where it does not fit. */
export function answer({ status, body, headers }: ScimReply): APIGatewayProxyResult {
  // Without a type API Gateway would add its own.
  if (!body) return { statusCode: status, headers: { ...contentType, ...headers }, body: "" };
  const text = JSON.stringify(body);
  if (text.length > largestAnswer / 6 && Buffer.byteLength(JSON.stringify(text)) > largestAnswer)
    throw tooMany(
      "The answer is larger than one answer may be; ask for less, by a smaller count or by excludedAttributes=members (of users, groups).",
    );
  return { statusCode: status, headers: { ...contentType, ...headers }, body: text };
}

/** A refusal as API Gateway takes it (RFC 7644, section 3.12); of anything else the client learns only the request's id. */
export function answerError(error: unknown, requestId: string): APIGatewayProxyResult {
  const refusal = asRefusal(error, requestId);
  const { status, retryAfterSeconds } = refusal;
  const headers = {
    ...(retryAfterSeconds === undefined ? {} : { "Retry-After": String(retryAfterSeconds) }),
    ...(status === 401 ? { "WWW-Authenticate": "Bearer" } : {}),
    ...(refusal instanceof MethodNotAllowed ? { Allow: refusal.allowed.join(", ") } : {}),
  };
  return {
    statusCode: status,
    headers: { ...contentType, ...headers },
    body: JSON.stringify(errorBody(refusal)),
  };
}

/** What a client may learn of `error`: all of a refusal, and of anything else the request's id. */
export const asRefusal = (error: unknown, requestId: string): ScimError =>
  error instanceof ScimError
    ? error
    : new ScimError(500, `Something went wrong here; name request ${requestId} to the operator.`);

/** A refusal as the body of an answer (RFC 7644, section 3.12). */
export const errorBody = ({ status, scimType, detail }: ScimError): JsonObject => ({
  schemas: [errorUrn],
  status: String(status),
  ...(scimType ? { scimType } : {}),
  detail,
});
