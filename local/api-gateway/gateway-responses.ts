import type { GatewayResponseSpec } from "../template/api.ts";
import type { Reply } from "./reply.ts";
import { headerOf, type RawRequest } from "./request.ts";

/** What API Gateway answers by itself, with the status and text that it has unless the template says otherwise. */
const kinds = {
  API_CONFIGURATION_ERROR: { status: 500, message: "Internal server error" },
  BAD_GATEWAY: { status: 502, message: "Internal server error" },
  BAD_REQUEST: { status: 400, message: "Bad Request" },
  INTEGRATION_TIMEOUT: { status: 504, message: "Endpoint request timed out" },
  INVALID_SIGNATURE: {
    status: 403,
    message: "Invalid key=value pair (missing equal-sign) in Authorization header.",
  },
  MISSING_AUTHENTICATION_TOKEN: { status: 403, message: "Missing Authentication Token" },
  REQUEST_TOO_LARGE: { status: 413, message: "Request Too Long" },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, message: "Unsupported Media Type" },
} as const;

/** `BAD_GATEWAY` and `BAD_REQUEST` are no types of their own on AWS: only the defaults word them. */
export type OwnAnswer = keyof typeof kinds;

/** Builds API Gateway's own answer in the words of the template. */
export function gatewayReply(
  responses: readonly GatewayResponseSpec[],
  answer: OwnAnswer,
  request: RawRequest | undefined,
  requestId: string,
): Reply {
  const { status, message } = kinds[answer];
  const fallback = status < 500 ? "DEFAULT_4XX" : "DEFAULT_5XX";
  const spec =
    responses.find(({ type }) => type === answer) ??
    responses.find(({ type }) => type === fallback);
  const [contentType, template] = templateOf(spec, request);

  const context: Readonly<Record<string, string>> = {
    "error.message": message,
    "error.messageString": JSON.stringify(message),
    "error.responseType": answer,
    requestId,
  };
  const headers = headersOf(spec, request, context);
  const hasType = headers.some(([name]) => name.toLowerCase() === "content-type");
  return {
    status: spec?.statusCode ?? status,
    headers: hasType ? headers : [["Content-Type", contentType], ...headers],
    body: Buffer.from(substitute(template, context)),
  };
}

function templateOf(
  spec: GatewayResponseSpec | undefined,
  request: RawRequest | undefined,
): readonly [string, string] {
  const templates = Object.entries(spec?.templates ?? {});
  const accept = (request && headerOf(request, "accept")) ?? "";
  return (
    templates.find(([type]) => accept.includes(type)) ??
    templates.find(([type]) => type === "application/json") ??
    templates[0] ?? ["application/json", '{"message":$context.error.messageString}']
  );
}

function headersOf(
  spec: GatewayResponseSpec | undefined,
  request: RawRequest | undefined,
  context: Readonly<Record<string, string>>,
): readonly (readonly [string, string])[] {
  return Object.entries(spec?.parameters ?? {}).flatMap(([parameter, expression]) => {
    const name = parameter.replace(/^gatewayresponse\.header\./, "");
    const value = valueOf(expression, request, context);
    return name === parameter || value === undefined ? [] : [[name, value] as const];
  });
}

/** A literal stands in single quotes; anything else names a part of the request or the context. */
function valueOf(
  expression: string,
  request: RawRequest | undefined,
  context: Readonly<Record<string, string>>,
): string | undefined {
  const literal = /^'(.*)'$/s.exec(expression)?.[1];
  if (literal !== undefined) return literal;
  const header = /^method\.request\.header\.(.+)$/.exec(expression)?.[1];
  if (header !== undefined) return request && headerOf(request, header.toLowerCase());
  return context[expression.replace(/^context\./, "")];
}

/** Variables that are not known become empty, as they do on AWS. */
const substitute = (template: string, context: Readonly<Record<string, string>>) =>
  template.replaceAll(/\$context\.([A-Za-z][\w.]*\w)/g, (_, name: string) => context[name] ?? "");
