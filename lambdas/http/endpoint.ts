import type { Logger } from "@aws-lambda-powertools/logger";
import middy from "@middy/core";
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from "aws-lambda";
import type { Credentials, Principal } from "../auth/principal.ts";
import type { UseNotes } from "../auth/use-notes.ts";
import { checkMarks } from "../scim/combining-marks.ts";
import type { Preconditions } from "../scim/etag.ts";
import { decodeSegment } from "../scim/path-segment.ts";
import { type Action, checkScope, type PublicRequest } from "./action.ts";
import { answer } from "./answer.ts";
import { answerErrors } from "./answer-errors.ts";
import { authenticate } from "./authenticate.ts";
import { takesGzip } from "./compress.ts";
import type { EdgeContext } from "./context.ts";
import { type Actions, findAction, noAction } from "./find-action.ts";
import { headerOf } from "./header.ts";
import { logRequests } from "./log-requests.ts";
import { noteUse } from "./note-use.ts";
import { readBody } from "./read-body.ts";
import { type Patience, retryConflicts } from "./retry-conflicts.ts";

export interface Edge extends Patience {
  readonly credentials: Credentials;
  /** Notes by which credentials the service is used; where there is none, nothing is noted. */
  readonly useNotes?: UseNotes;
  readonly basePath: string;
  readonly logger: Pick<Logger, "info" | "error">;
  /** Ends in time whatever `answer` waits for. */
  readonly inTime: <T>(answer: () => Promise<T>) => Promise<T>;
}

/** The handler of a function that answers `actions`, by route. */
export function scimEndpoint(actions: Actions, edge: Edge) {
  const { basePath } = edge;
  const actionOf = (event: APIGatewayProxyEvent) => findAction(actions, event, basePath);
  const handler = middy<APIGatewayProxyEvent, APIGatewayProxyResult, Error, EdgeContext>()
    // Errors run through the middlewares backwards: what is logged is what was answered.
    .use(logRequests(edge.logger))
    .use(answerErrors(edge.logger))
    .use(authenticate(edge.credentials, (event) => actionOf(event)?.scope === "public"))
    .use(edge.useNotes ? noteUse(edge.useNotes) : [])
    .handler(async (event, context) => {
      const action = actionOf(event);
      if (!action) throw noAction(actions, event, basePath);
      const inGzip = takesGzip(headerOf(event, "accept-encoding"));
      if (action.scope === "public")
        return answer(await action.run(readRequest(event, edge)), inGzip);
      const principal = allowedPrincipal(context, action);
      const request = { ...readRequest(event, edge), principal };
      return answer(await retryConflicts(() => action.run(request), edge), inGzip);
    });
  return (event: APIGatewayProxyEvent, context: Context): Promise<APIGatewayProxyResult> =>
    edge.inTime(async () => handler(event, context));
}

function allowedPrincipal({ principal }: EdgeContext, action: Action): Principal {
  if (!principal) throw new Error("A request came past authentication.");
  checkScope(action, principal);
  return principal;
}

function readRequest(event: APIGatewayProxyEvent, { basePath, now }: Edge): PublicRequest {
  return {
    requestId: event.requestContext.requestId,
    // Reports differ on whether API Gateway decodes path parameters; both may come.
    id: decodeSegment(event.pathParameters?.id ?? ""),
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
    const said = all.findLast((value) => value.trim() !== "") ?? "";
    checkMarks(said);
    query.set(name.toLowerCase(), said);
  }
  return query;
}

const readPreconditions = (event: APIGatewayProxyEvent): Preconditions => ({
  ifMatch: headerOf(event, "if-match"),
  ifNoneMatch: headerOf(event, "if-none-match"),
});

/** The URL that was asked for, without the route's own part: the tenant URL, whatever domain and stage it was reached by. */
function baseUrlOf(event: APIGatewayProxyEvent, basePath: string): string {
  const { path, domainName } = event.requestContext;
  const segments = (text: string) => text.split("/").filter((segment) => segment !== "");
  const ownPart = segments(event.resource.slice(basePath.length)).length;
  const all = segments(path);
  const base = all.slice(0, all.length - ownPart).join("/");
  return `${event.headers["X-Forwarded-Proto"] ?? "https"}://${domainName}/${base}`;
}
