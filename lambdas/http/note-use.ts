import type { MiddlewareObj } from "@middy/core";
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from "aws-lambda";
import type { Outcome, UseNotes } from "../auth/use-notes.ts";
import { asRefusal } from "./answer.ts";
import type { EdgeContext } from "./context.ts";

type Middleware = MiddlewareObj<APIGatewayProxyEvent, APIGatewayProxyResult, Error, EdgeContext>;

/** Notes that a credential is used, beside what the request does, and then how that ended. */
export const noteUse = (notes: UseNotes): Middleware => ({
  before: ({ context }) => {
    if (context.principal) context.noteOutcome = notes.begin(context.principal);
  },
  after: async ({ context }) => context.noteOutcome?.({ kind: "success" }),
  onError: async ({ event, context, error }) => context.noteOutcome?.(outcomeOf(event, error)),
});

const reads: ReadonlySet<string> = new Set(["GET", "HEAD"]);

function outcomeOf(event: APIGatewayProxyEvent, error: unknown): Outcome {
  const { httpMethod, resource, requestContext } = event;
  const { requestId } = requestContext;
  const { status, detail } = asRefusal(error, requestId);
  // Entra looks for what may be there, and has gone, all the time.
  if (status === 404 && reads.has(httpMethod)) return { kind: "neither" };
  const told = withoutValues(detail).slice(0, mostCharacters);
  const failure = { status, detail: told, route: `${httpMethod} ${resource}`, requestId };
  return { kind: "failure", failure };
}

const mostCharacters = 200;

const harmless =
  /^(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|(?:users|groups|resources):\w+|urn:ietf:params:scim:[\w.:-]+|schemas)$/;

/** Names and addresses would outlive the user whose they are; a value may hold quotes itself. */
function withoutValues(detail: string): string {
  const quoted = [...detail.matchAll(/"([^"]*)"?/g)];
  if (quoted.every(([, value = ""]) => harmless.test(value))) return detail;
  return detail.replace(/"[^]*"/, '"…"');
}
