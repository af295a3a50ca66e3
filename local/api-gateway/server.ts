import { randomBytes, randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { type Functions, payloadLimitBytes } from "../functions/functions.ts";
import type { ApiSpec, MethodSpec } from "../template/api.ts";
import type { InvokePermission } from "../template/permissions.ts";
import { account, region } from "../template/pseudo-parameters.ts";
import { decompressed } from "./decompressed.ts";
import { isBinaryType, proxyEvent } from "./event.ts";
import { gatewayReply, type OwnAnswer } from "./gateway-responses.ts";
import { type Reply, readReply } from "./reply.ts";
import { headerOf, type RawRequest, readRequest, readTarget } from "./request.ts";
import { createRouter, type Router } from "./router.ts";

export interface ApiParts {
  readonly api: ApiSpec;
  readonly functions: Functions;
  readonly mayInvoke: InvokePermission;
}

/** Serves the API over HTTP as API Gateway would. Requests that come before `parts` are there wait for them. */
export function createApiServer(parts: Promise<ApiParts>): Server {
  const ready = parts.then((parts) => ({ ...parts, router: createRouter(parts.api) }));
  // Whoever started the server learns of it from `parts`.
  ready.catch(() => undefined);

  const server = createServer((incoming, response) => {
    void serve(ready, incoming, response);
  });
  server.keepAliveTimeout = 65_000;
  return server;
}

type Ready = ApiParts & { readonly router: Router };

async function serve(
  ready: Promise<Ready>,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    const requestId = randomUUID();
    const [parts, request] = await Promise.all([ready, readRequest(incoming)]);
    const reply = await answer(parts, request, requestId);
    send(response, reply, requestId);
  } catch (error) {
    // The client is gone, or there is a fault in the local run itself.
    if (incoming.destroyed && !incoming.complete) response.destroy();
    else response.writeHead(500).end(error instanceof Error ? error.message : undefined);
  }
}

async function answer(
  parts: Ready,
  sent: RawRequest | undefined,
  requestId: string,
): Promise<Reply> {
  const { api, router } = parts;
  const own = (kind: OwnAnswer) => gatewayReply(api.responses, kind, sent, requestId);
  if (!sent) return own("REQUEST_TOO_LARGE");
  const request = decompressed(sent);
  if (typeof request === "string") return own(request);

  const target = decoded(request.target);
  if (!target) return own("BAD_REQUEST");
  const [stage, ...segments] = target.segments;
  if (stage !== api.stage) return forbidden;

  const route = router(request.method, segments);
  // Where no method answers, API Gateway takes the request for one that is to be signed.
  if (!route)
    return own(hasForeignToken(request) ? "INVALID_SIGNATURE" : "MISSING_AUTHENTICATION_TOKEN");

  const stageEnd = target.path.indexOf("/", 1);
  const path = stageEnd < 0 ? "/" : target.path.slice(stageEnd);
  const event = JSON.stringify(
    proxyEvent({ api, request, route, query: target.query, path, requestId, now: new Date() }),
  );
  if (Buffer.byteLength(event) > payloadLimitBytes) return own("REQUEST_TOO_LARGE");
  if (!parts.mayInvoke(route.method.functionArn, methodArn(api, request.method, segments)))
    return own("API_CONFIGURATION_ERROR");

  const acceptsBinary = isBinaryType(api.binaryMediaTypes, headerOf(request, "accept") ?? "*/*");
  const outcome = await integrate(parts, { method: route.method, event, acceptsBinary });
  return typeof outcome === "string" ? own(outcome) : outcome;
}

interface Integration {
  readonly method: MethodSpec;
  readonly event: string;
  readonly acceptsBinary: boolean;
}

async function integrate(
  { functions }: ApiParts,
  { method, event, acceptsBinary }: Integration,
): Promise<Reply | OwnAnswer> {
  const spec = functions.find(method.functionArn);
  if (!spec) return "API_CONFIGURATION_ERROR";

  const waiting = new AbortController();
  const outcome = await Promise.race([
    functions.invoke(spec, event),
    sleep(method.timeoutMs, undefined, { signal: waiting.signal }),
  ]);
  waiting.abort();
  if (!outcome) return "INTEGRATION_TIMEOUT";
  if (outcome.isFault) return "BAD_GATEWAY";
  return readReply(outcome.payload, acceptsBinary) ?? "BAD_GATEWAY";
}

/** The answer of API Gateway's front to a path outside any stage; no gateway response words it. */
const forbidden: Reply = {
  status: 403,
  headers: [
    ["Content-Type", "application/json"],
    ["x-amzn-ErrorType", "ForbiddenException"],
  ],
  body: Buffer.from('{"message":"Forbidden"}'),
};

function decoded(target: string): ReturnType<typeof readTarget> | undefined {
  try {
    return readTarget(target);
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}

function hasForeignToken(request: RawRequest): boolean {
  const authorization = headerOf(request, "authorization");
  return authorization !== undefined && !authorization.startsWith("AWS4-HMAC-SHA256");
}

const methodArn = (api: ApiSpec, httpMethod: string, segments: readonly string[]) =>
  `arn:aws:execute-api:${region}:${account}:${api.id}/${api.stage}/${httpMethod}/${segments.join("/")}`;

function send(response: ServerResponse, reply: Reply, requestId: string): void {
  const headers: Record<string, string[]> = {
    "x-amzn-RequestId": [requestId],
    "x-amz-apigw-id": [randomBytes(11).toString("base64")],
  };
  for (const [name, value] of reply.headers) {
    const same = Object.keys(headers).find((key) => key.toLowerCase() === name.toLowerCase());
    headers[same ?? name] = [...(headers[same ?? name] ?? []), value];
  }
  const typed = Object.keys(headers).some((name) => name.toLowerCase() === "content-type");
  const body = bodiless.has(reply.status) ? Buffer.alloc(0) : reply.body;
  response.writeHead(reply.status, {
    ...(!typed && { "Content-Type": "application/json" }),
    ...headers,
    ...(!bodiless.has(reply.status) && { "Content-Length": body.length }),
  });
  response.end(body);
}

/** Answers with these statuses have no body (RFC 9110). */
const bodiless: ReadonlySet<number> = new Set([204, 304]);
