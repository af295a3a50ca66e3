import { randomBytes } from "node:crypto";
import type { APIGatewayProxyEvent, Context } from "aws-lambda";
import { cachedCredentials } from "../../lambdas/auth/cached-credentials.ts";
import type { TenantSecret } from "../../lambdas/auth/tenant-secret.ts";
import { readTenantSettings } from "../../lambdas/auth/tenant-settings.ts";
import { formatToken, hashToken, newTokenId } from "../../lambdas/auth/token.ts";
import { actionsOf, openDirectory } from "../../lambdas/directory.ts";
import { scimEndpoint } from "../../lambdas/http/endpoint.ts";
import type { JsonObject } from "../../lambdas/scim/json.ts";
import { standardTypes } from "../../lambdas/scim/resource-types.ts";
import { inTime } from "../../lambdas/store/dynamodb/deadline.ts";
import { seats } from "../../lambdas/store/dynamodb/seats.ts";
import type { Table } from "../../lambdas/store/dynamodb/table.ts";
import { tenantStore } from "../../lambdas/store/dynamodb/tenants.ts";

/** A request to the service, such as `PATCH /Users/{id}`. */
export interface Sent {
  readonly route: string;
  readonly id?: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: JsonObject;
}

export interface Answer {
  readonly status: number;
  readonly body: JsonObject;
}

export interface Service {
  /** Makes a tenant, and gives its token. */
  readonly addTenant: (tenant: string, settings: { seatLimit?: number }) => Promise<string>;
  readonly send: (token: string, sent: Sent) => Promise<Answer>;
  /** Lets all that is cached of tenants grow too old. */
  readonly forget: () => void;
}

const basePath = "/scim/v2";
const cacheSeconds = 60;

/** The routes of users and groups on a table, as the functions put them together; tokens' hashes are held in memory. */
export function serviceOn(table: Table): Service {
  const secrets = new Map<string, TenantSecret>();
  const tenants = tenantStore(table.db, table.name, readTenantSettings);
  // It stands still, so that no cache grows old while something large is made ready.
  let now = Date.now();
  const credentials = cachedCredentials({
    secrets: { read: async (tenant) => secrets.get(tenant) },
    tenants,
    clock: () => now,
    cacheSeconds,
  });
  const { sleep, random } = table;
  const logger = { info: () => {}, error: (...line: unknown[]) => console.error(...line) };
  const edge = { credentials, basePath, logger, sleep, random, now: Date.now, inTime };
  const handler = scimEndpoint(actionsOf(openDirectory(table, standardTypes)), edge);

  return {
    addTenant: async (tenant, settings) => {
      const createdAt = table.now().toISOString();
      const id = newTokenId(randomBytes);
      const token = formatToken(tenant, id, randomBytes);
      const scopes = ["users", "groups"].flatMap((one) => [`${one}:read`, `${one}:write`]);
      const record = { id, name: "cost", sha256: hashToken(token), scopes, createdAt };
      secrets.set(tenant, { tokens: [record] });
      await seats(table).setLimit(tenant, settings.seatLimit);
      await tenants.create({ tenant, settings, createdAt });
      return token;
    },
    send: async (token, sent) => {
      const result = await handler(eventOf(token, sent), {} as Context);
      return { status: result.statusCode, body: result.body ? JSON.parse(result.body) : {} };
    },
    forget: () => {
      now += cacheSeconds * 1000;
    },
  };
}

/** What handlers read of API Gateway's event. */
function eventOf(token: string, { route, id = "", query, body }: Sent): APIGatewayProxyEvent {
  const [httpMethod = "", path = ""] = route.split(" ");
  const headers = { Authorization: `Bearer ${token}`, "X-Forwarded-Proto": "https" };
  const lists = (values: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(values).map(([name, value]) => [name, [value]]));
  return {
    httpMethod,
    resource: `${basePath}${path}`,
    path: `${basePath}${path.replace("{id}", id)}`,
    headers,
    multiValueHeaders: lists(headers),
    pathParameters: id === "" ? null : { id },
    queryStringParameters: query ?? null,
    multiValueQueryStringParameters: query ? lists(query) : null,
    body: body ? JSON.stringify(body) : null,
    isBase64Encoded: false,
    requestContext: {
      requestId: "request-1",
      path: `/prod${basePath}${path.replace("{id}", id)}`,
      domainName: "scim.example.com",
    },
    // The edge reads no more of it.
  } as unknown as APIGatewayProxyEvent;
}
