import type { APIGatewayProxyResult } from "aws-lambda";
import { ScimError, tooMany } from "../scim/errors.ts";
import type { JsonObject } from "../scim/json.ts";
import { errorUrn } from "../scim/urns.ts";
import type { ScimReply } from "./action.ts";
import { compress } from "./compress.ts";
import { MethodNotAllowed } from "./find-action.ts";

const contentType = { "Content-Type": "application/scim+json" };

/** For all that a client may ask to have in gzip, now or when it is larger. */
const varying = { ...contentType, Vary: "Accept-Encoding" };

/** A function's answer may take 6 MB: a text as a JSON string, or base64. */
const largestAnswer = 5_900_000;

/** Below this the way takes no longer than the packing. */
const worthCompressing = 100_000;

/** A reply as API Gateway takes it. @throws ScimError 400 `tooMany` where it does not fit. */
export function answer(
  { status, body, headers }: ScimReply,
  takesGzip = false,
): APIGatewayProxyResult {
  if (!body) {
    // Without a type API Gateway would add its own. What a client has already varies as it did.
    const ownHeaders = status === 304 ? varying : contentType;
    return { statusCode: status, headers: { ...ownHeaders, ...headers }, body: "" };
  }
  const text = JSON.stringify(body);
  const reply = { statusCode: status, headers: { ...varying, ...headers } };
  if (!takesGzip || text.length < worthCompressing) {
    checkSize(sizeAsJson(text), "take it in gzip (Accept-Encoding: gzip), or ask for less");
    return { ...reply, body: text };
  }
  const packed = compress(text);
  checkSize(packed.length, "ask for less");
  // The version is a weak tag, which holds for the answer however it is encoded.
  const packedHeaders = { ...reply.headers, "Content-Encoding": "gzip" };
  return { ...reply, headers: packedHeaders, body: packed, isBase64Encoded: true };
}

function checkSize(bytes: number, way: string): void {
  if (bytes <= largestAnswer) return;
  const less = "a smaller count, fewer attributes, of groups excludedAttributes=members";
  const instead = 'whether someone is in a group: filter=id eq "…" and members.value eq "…"';
  throw tooMany(
    `The answer is larger than one answer may be; ${way}: ${less}; ${instead}; what a user is in: the user's groups.`,
  );
}

/** As many bytes as `JSON.stringify` makes of a text that it made: of quotes and backslashes two, and control characters there are none. */
export function sizeAsJson(text: string): number {
  return 2 + Buffer.byteLength(text) + countOf(text, '"') + countOf(text, "\\");
}

function countOf(text: string, character: string): number {
  let count = 0;
  for (let at = text.indexOf(character); at >= 0; at = text.indexOf(character, at + 1)) count++;
  return count;
}

/** A refusal as API Gateway takes it (RFC 7644, section 3.12); of anything else the client learns only the request's id. */
export function answerError(error: unknown, requestId: string): APIGatewayProxyResult {
  const refusal = asRefusal(error, requestId);
  const { status, retryAfterSeconds } = refusal;
  const headers = {
    ...(retryAfterSeconds === undefined ? {} : { "Retry-After": String(retryAfterSeconds) }),
    ...(status === 401 ? { "WWW-Authenticate": "Bearer" } : {}),
    ...(refusal instanceof MethodNotAllowed ? { Allow: refusal.allowed.join(", ") } : {}),
    ...(status === 415 ? { "Accept-Encoding": "gzip" } : {}),
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
