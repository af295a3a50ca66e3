import type { Logger } from "@aws-lambda-powertools/logger";
import middy from "@middy/core";
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from "aws-lambda";
import type { Credentials } from "../auth/credentials.ts";
import { ScimError } from "../scim/errors.ts";
import type { Preconditions } from "../scim/etag.ts";
import type { Action, ScimRequest } from "./action.ts";
import { answer } from "./answer.ts";
import { answerErrors } from "./answer-errors.ts";
import { authenticate } from "./authenticate.ts";
import type { EdgeContext } from "./context.ts";
import { logRequests } from "./log-requests.ts";
import { readBody } from "./read-body.ts";
import { type Patience, retryConflicts } from "./retry-conflicts.ts";

export interface Edge extends Patience {
  readonly credentials: Credentials;
  readonly basePath: string;
  readonly logger: Pick<Logger, "info" | "error">;
}

/** The handler of a function that answers `actions`, by route. */
export function scimEndpoint(actions: Readonly<Record<string, Action>>, edge: Edge) {
  return (
    middy<APIGatewayProxyEvent, APIGatewayProxyResult, Error, EdgeContext>()
      // Errors run through the middlewares backwards: what is logged is what was answered.
      .use(logRequests(edge.logger))
      .use(answerErrors(edge.logger))
      .use(authenticate(edge.credentials))
      .handler(async (event, context) => {
        const path = event.resource.slice(edge.basePath.length) || "/";
        const action = actions[`${event.httpMethod} ${path}`];
        if (!action) throw new ScimError(404, "There is no such endpoint.");
        const request = readRequest(event, context, action, edge);
        return answer(await retryConflicts(() => action.run(request), edge));
      })
  );
}

function readRequest(
  event: APIGatewayProxyEvent,
  { client }: EdgeContext,
  { scope }: Action,
  { basePath, now }: Edge,
): ScimRequest {
  if (!client) throw new Error("A request came past authentication.");
  if (scope && !client.scopes.includes(scope))
    throw new ScimError(403, `The token lacks the scope "${scope}"; issue one that has it.`);
  return {
    client,
    id: decoded(event.pathParameters?.id ?? ""),
    query: readQuery(event),
    body: readBody(event),
    preconditions: readPreconditions(event),
    baseUrl: baseUrlOf(event, basePath),
    receivedAt: new Date(now()),
  };
}

/** Parameters by their names in lower case; of one that is repeated, the last that says something. */
function readQuery({ multiValueQueryStringParameters: given }: APIGatewayProxyEvent) {
  const query = new Map<string, string>();
  for (const [name, values] of Object.entries(given ?? {})) {
    const all = [query.get(name.toLowerCase()) ?? "", ...(values ?? [])];
    query.set(name.toLowerCase(), all.findLast((value) => value.trim() !== "") ?? "");
  }
  return query;
}

/** A header that is given several times is one list (RFC 9110, section 5.3). */
function readPreconditions({ multiValueHeaders: given }: APIGatewayProxyEvent): Preconditions {
  const header = (wanted: string) => {
    const named = Object.entries(given ?? {}).filter(([name]) => name.toLowerCase() === wanted);
    return named.length === 0 ? undefined : named.flatMap(([, values]) => values ?? []).join(", ");
  };
  return { ifMatch: header("if-match"), ifNoneMatch: header("if-none-match") };
}

/** Reports differ on whether API Gateway decodes path parameters; no id of ours has a percent sign, so both may come. */
function decoded(id: string): string {
  try {
    return decodeURIComponent(id);
  } catch {
    return id;
  }
}

/** The URL that was asked for, without the route's own part: the tenant URL, whatever domain and stage it was reached by. */
function baseUrlOf(event: APIGatewayProxyEvent, basePath: string): string {
  const { path, domainName } = event.requestContext;
  const segments = (text: string) => text.split("/").filter((segment) => segment !== "");
  const ownPart = segments(event.resource.slice(basePath.length)).length;
  const all = segments(path);
  const base = all.slice(0, all.length - ownPart).join("/");
  return `${event.headers["X-Forwarded-Proto"] ?? "https"}://${domainName}/${base}`;
}
