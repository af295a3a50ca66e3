import type { ScimReply } from "../http/action.ts";
import { errorBody } from "../http/answer.ts";
import type { GivenOperation } from "../scim/bulk/operation.ts";
import type { ScimError } from "../scim/errors.ts";
import { isObject, type JsonObject, own } from "../scim/json.ts";
import { encodeSegment } from "../scim/path-segment.ts";

/** The result of one operation (RFC 7644, section 3.7.3). */
export type Result = JsonObject;

/** The result of an operation that was answered; the resource itself is left out, so that a thousand fit into one answer. */
export function succeeded(
  operation: GivenOperation,
  reply: ScimReply,
  baseUrl: string,
): Result & { readonly location?: string; readonly version?: string } {
  const meta = reply.body && own(reply.body, "meta");
  const shown = (name: string) => {
    const value = isObject(meta) ? own(meta, name) : undefined;
    return typeof value === "string" ? value : undefined;
  };
  const location = reply.headers?.Location ?? shown("location") ?? addressOf(operation, baseUrl);
  const version = reply.headers?.ETag ?? shown("version");
  return {
    ...labels(operation),
    ...(location === undefined ? {} : { location }),
    ...(version === undefined ? {} : { version }),
    status: String(reply.status),
  };
}

/** The result of an operation that failed; only a resource that is there has a location. */
export function failed(operation: GivenOperation, refusal: ScimError, baseUrl: string): Result {
  const location = addressOf(operation, baseUrl);
  return {
    ...labels(operation),
    ...(location === undefined ? {} : { location }),
    status: String(refusal.status),
    response: errorBody(refusal),
  };
}

/** `created` as the result of a POST whose resource exists, but not as the client wanted it. */
export const failedAfter = (created: Result, refusal: ScimError): Result => ({
  ...created,
  status: String(refusal.status),
  response: errorBody(refusal),
});

const labels = ({ method, bulkId }: GivenOperation) => ({
  ...(method === undefined ? {} : { method }),
  ...(bulkId === undefined ? {} : { bulkId }),
});

/** The address of what an operation is to change; an unresolved reference has none. */
function addressOf({ target }: GivenOperation, baseUrl: string): string | undefined {
  if (!target || target.id === "" || target.id.startsWith("bulkId:")) return undefined;
  return `${baseUrl}${target.endpoint}/${encodeSegment(target.id)}`;
}
