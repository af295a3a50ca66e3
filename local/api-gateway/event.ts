import { randomBytes } from "node:crypto";
import type { JsonObject } from "../json.ts";
import type { ApiSpec } from "../template/api.ts";
import { account } from "../template/pseudo-parameters.ts";
import { headerOf, type RawRequest } from "./request.ts";
import type { RouteMatch } from "./router.ts";

export interface EventInput {
  readonly api: ApiSpec;
  readonly request: RawRequest;
  readonly route: RouteMatch;
  readonly query: readonly (readonly [string, string])[];
  /** Still encoded, and without the stage. */
  readonly path: string;
  readonly requestId: string;
  readonly now: Date;
}

/** The event of a Lambda proxy integration of a REST API. */
export function proxyEvent(input: EventInput): JsonObject {
  const { api, request, route, query, path } = input;
  const headers = grouped(forwardedHeaders(request), (name) => name.toLowerCase());
  const parameters = grouped(query, (name) => name);
  const isBinary = isBinaryType(api.binaryMediaTypes, headerOf(request, "content-type"));

  return {
    resource: route.resource.path,
    path,
    httpMethod: request.method,
    headers: lastOnly(headers),
    multiValueHeaders: headers,
    queryStringParameters: orNull(lastOnly(parameters)),
    multiValueQueryStringParameters: orNull(parameters),
    pathParameters: orNull(route.pathParameters),
    stageVariables: api.stageVariables ?? null,
    requestContext: requestContext(input),
    body: request.body.length === 0 ? null : request.body.toString(isBinary ? "base64" : "utf8"),
    isBase64Encoded: isBinary && request.body.length > 0,
  };
}

function requestContext({ api, request, route, path, requestId, now }: EventInput): JsonObject {
  const host = headerOf(request, "host") ?? "";
  return {
    accountId: account,
    apiId: api.id,
    deploymentId: api.deploymentId,
    domainName: host,
    domainPrefix: host.split(/[.:]/)[0] ?? "",
    extendedRequestId: randomBytes(11).toString("base64"),
    httpMethod: request.method,
    identity: identityOf(request),
    path: `/${api.stage}${path}`,
    protocol: "HTTP/1.1",
    requestId,
    requestTime: commonLogTime(now),
    requestTimeEpoch: now.getTime(),
    resourceId: route.resource.id,
    resourcePath: route.resource.path,
    stage: api.stage,
  };
}

const identityOf = (request: RawRequest): JsonObject => ({
  accessKey: null,
  accountId: null,
  caller: null,
  cognitoAuthenticationProvider: null,
  cognitoAuthenticationType: null,
  cognitoIdentityId: null,
  cognitoIdentityPoolId: null,
  principalOrgId: null,
  sourceIp: request.sourceIp,
  user: null,
  userAgent: headerOf(request, "user-agent") ?? null,
  userArn: null,
});

/** Headers of the connection, which API Gateway keeps to itself. */
const dropped: ReadonlySet<string> = new Set([
  "connection",
  "content-length",
  "content-md5",
  "expect",
  "keep-alive",
  "max-forwards",
  "proxy-authenticate",
  "proxy-connection",
  "server",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "www-authenticate",
  "x-forwarded-for",
  "x-forwarded-port",
  "x-forwarded-proto",
]);

function forwardedHeaders(request: RawRequest): readonly (readonly [string, string])[] {
  const host = headerOf(request, "host") ?? "";
  const before = headerOf(request, "x-forwarded-for");
  const trace = headerOf(request, "x-amzn-trace-id") ?? traceId();
  return [
    ...request.headers.filter(
      ([name]) => !dropped.has(name.toLowerCase()) && name.toLowerCase() !== "x-amzn-trace-id",
    ),
    ["X-Amzn-Trace-Id", trace],
    ["X-Forwarded-For", before ? `${before}, ${request.sourceIp}` : request.sourceIp],
    ["X-Forwarded-Port", /:(\d+)$/.exec(host)?.[1] ?? "80"],
    ["X-Forwarded-Proto", "http"],
  ];
}

const traceId = () =>
  `Root=1-${Math.floor(Date.now() / 1000).toString(16)}-${randomBytes(12).toString("hex")}`;

/** The values of each name; names that are one by `identity` are spelt as the first was. */
function grouped(
  pairs: readonly (readonly [string, string])[],
  identity: (name: string) => string,
): Record<string, string[]> {
  const groups = Map.groupBy(pairs, ([name]) => identity(name));
  return Object.fromEntries(
    [...groups.values()].map((group) => [group[0]?.[0] ?? "", group.map(([, value]) => value)]),
  );
}

const lastOnly = (groups: Readonly<Record<string, readonly string[]>>): Record<string, string> =>
  Object.fromEntries(Object.entries(groups).map(([name, values]) => [name, values.at(-1) ?? ""]));

/** API Gateway writes null where there is nothing, never an empty object. */
const orNull = <T extends JsonObject>(object: T): T | null =>
  Object.keys(object).length > 0 ? object : null;

/** Whether the API takes a type for binary: of a request's body its own, of an answer's the first that the client accepts. */
export function isBinaryType(binary: readonly string[], mediaType: string | undefined): boolean {
  const type = (mediaType ?? "application/json").split(/[;,]/)[0]?.trim().toLowerCase() ?? "";
  return binary.some(
    (entry) =>
      entry === "*/*" ||
      entry.toLowerCase() === type ||
      (entry.endsWith("/*") && type.startsWith(entry.slice(0, -1).toLowerCase())),
  );
}

/** Such as `09/Apr/2026:12:34:56 +0000`. */
function commonLogTime(now: Date): string {
  const [, day, month, year, time] = now.toUTCString().split(" ");
  return `${day}/${month}/${year}:${time} +0000`;
}
