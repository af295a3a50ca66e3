import { setTimeout as sleep } from "node:timers/promises";
import { gunzipSync } from "node:zlib";
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from "aws-lambda";
import { cachedCredentials } from "../../lambdas/auth/cached-credentials.ts";
import type { Authenticator } from "../../lambdas/auth/principal.ts";
import { oneOf } from "../../lambdas/auth/principal.ts";
import type { Scope } from "../../lambdas/auth/scopes.ts";
import { tokenUseNotes } from "../../lambdas/auth/use-notes.ts";
import { bulkRoutes } from "../../lambdas/bulk/routes.ts";
import { actionsOf, openDirectory, sourcesOf } from "../../lambdas/directory.ts";
import { discoveryRoutes } from "../../lambdas/discovery/routes.ts";
import type { Action, PublicAction } from "../../lambdas/http/action.ts";
import { logUnexpected } from "../../lambdas/http/answer-errors.ts";
import { scimEndpoint } from "../../lambdas/http/endpoint.ts";
import type { JsonObject } from "../../lambdas/scim/json.ts";
import { type ResourceTypes, standardTypes } from "../../lambdas/scim/resource-types.ts";
import { searchRoutes } from "../../lambdas/search/routes.ts";
import { inTime } from "../../lambdas/store/dynamodb/deadline.ts";
import type { Table } from "../../lambdas/store/dynamodb/table.ts";
import { aDeployment, aTenantWithToken } from "./deployment.ts";
import { testTable } from "./store.ts";

export interface Sent {
  readonly token?: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: JsonObject;
}

const basePath = "/scim/v2";

/** All routes on the test run's table, with real credentials behind them. */
export async function aService(
  over: Partial<Table> = {},
  types: ResourceTypes = standardTypes,
  otherWays: readonly Authenticator[] = [],
) {
  const deployment = await aDeployment();
  const table = testTable(over);
  const logged: unknown[] = [];
  const logger = {
    info: (...line: unknown[]) => void logged.push(line),
    error: (...line: unknown[]) => void logged.push(line),
  };
  const directory = openDirectory(table, types);
  const resources = actionsOf(directory);
  const patience = { sleep, random: Math.random, now: Date.now };
  const actions: Readonly<Record<string, Action | PublicAction>> = {
    ...resources,
    ...bulkRoutes({ actions: resources, patience, report: logUnexpected(logger) }),
    ...searchRoutes(sourcesOf(directory)),
    ...discoveryRoutes(types),
  };
  const tokens = cachedCredentials({
    secrets: deployment.reader,
    tenants: deployment.tenants,
    clock: deployment.clock.now,
  });
  const credentials = oneOf([tokens, ...otherWays]);
  const { uses, clock } = deployment;
  const useNotes = tokenUseNotes({ uses, clock: clock.now, patienceMs: 5000 });
  const edge = { credentials, useNotes, basePath, logger, inTime, ...patience };
  const handler = scimEndpoint(actions, edge);

  return {
    deployment,
    logged,
    /** Sends a request such as `PATCH /Users/{id}`, as API Gateway hands it on. */
    send: async (route: string, sent: Sent = {}, id = ""): Promise<Answer> => {
      const result = await handler(anEvent(route, id, sent), {} as Context);
      return {
        status: result.statusCode,
        headers: (result.headers ?? {}) as Record<string, string>,
        body: result.body ? JSON.parse(textOf(result)) : undefined,
      };
    },
    /** A tenant of the test's own, with a token. */
    tenant: (scopes?: readonly Scope[], settings: object = {}) =>
      aTenantWithToken(deployment, scopes ? { scopes } : {}, settings),
    stop: deployment.stop,
  };
}

/** The body as a client reads it that undoes gzip. */
export function textOf({ body, isBase64Encoded }: APIGatewayProxyResult): string {
  return isBase64Encoded ? gunzipSync(Buffer.from(body, "base64")).toString() : body;
}

export type Service = Awaited<ReturnType<typeof aService>>;

/** The event of a REST API's proxy integration, with what handlers read of it. */
function anEvent(route: string, id: string, { token, query, body, headers }: Sent) {
  const [httpMethod = "", path = ""] = route.split(" ");
  const sent: Record<string, string> = {
    Host: "scim.example.com",
    "X-Forwarded-Proto": "https",
    ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
    ...headers,
  };
  const text = typeof body === "string" ? body : JSON.stringify(body);
  // Handlers read no more than these; the local run tests the rest against a real event.
  return {
    httpMethod,
    resource: `${basePath}${path}`,
    path: `${basePath}${path.replace("{id}", id)}`,
    headers: sent,
    multiValueHeaders: Object.fromEntries(
      Object.entries(sent).map(([name, value]) => [name, [value]]),
    ),
    pathParameters: path.includes("{id}") ? { id } : null,
    queryStringParameters: query ?? null,
    multiValueQueryStringParameters: query
      ? Object.fromEntries(Object.entries(query).map(([name, value]) => [name, [value]]))
      : null,
    body: body === undefined ? null : text,
    isBase64Encoded: false,
    requestContext: {
      requestId: "request-1",
      path: `/prod${basePath}${path.replace("{id}", encodeURIComponent(id))}`,
      domainName: "scim.example.com",
    },
  } as unknown as APIGatewayProxyEvent;
}
