import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import type { Functions } from "../functions/functions.ts";
import { isObject, type JsonObject, readJson } from "../json.ts";
import type { SecretsManager } from "../secrets-manager/secrets-manager.ts";
import type { Queue } from "../sqs/queue.ts";
import { accessKeyOf, type Caller } from "./callers.ts";
import { dynamoDbNeeds } from "./dynamodb-needs.ts";
import {
  type Answer,
  type Call,
  ConnectionLost,
  jsonError,
  restError,
  type Service,
} from "./exchange.ts";
import { type FaultsControl, isAboutFaults, serveFaults } from "./faults-control.ts";
import { troubledSecrets } from "./faults-secrets.ts";
import type { Need } from "./iam.ts";
import { lambdaNeeds, lambdaService } from "./lambda-service.ts";
import { secretNeeds } from "./secret-needs.ts";
import { secretsService } from "./secrets-service.ts";
import { serveSqs, sqsNeeds } from "./sqs-service.ts";

/** What the gateway knows of the deployment. */
export interface GatewayParts {
  readonly callers: ReadonlyMap<string, Caller>;
  readonly functions: Functions;
  readonly dynamoDb: Service;
  readonly secrets: SecretsManager;
  readonly queues: readonly Queue[];
  /** What the services' callers meet. */
  readonly faults: FaultsControl;
}

/** A service as the gateway sees it: which rights a call needs, and who answers it. */
interface Backend {
  /** Undefined for an operation that the local run does not know. */
  needs(call: Call): readonly Need[] | undefined;
  readonly serve: Service;
  readonly error: (type: string, message: string) => Answer;
}

/**
 * The one way from the functions, and from a person's AWS CLI, to AWS: finds
 * the caller by the access key, asks whether the template's policies allow the
 * call, and passes it on to the service's stand-in. Calls that come before `parts`
 * are there wait for them.
 */
export function createGateway(parts: Promise<GatewayParts>): Server {
  return serveCalls(async (call) => decide(await parts, call));
}

/** Reads calls and writes answers as `service` gives them. */
export function serveCalls(service: Service): Server {
  const server = createServer((request, response) => {
    void answer(service, request, response);
  });
  // Longer than any client keeps an idle connection, so that none is closed as it is taken up again.
  server.keepAliveTimeout = 300_000;
  return server;
}

async function answer(
  service: Service,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    const call = await readCall(request);
    const { status, headers, body } = await service(call);
    response.writeHead(status, { "x-amzn-RequestId": randomUUID(), ...definedOnly(headers) });
    if (typeof body === "string" || Buffer.isBuffer(body)) response.end(body);
    else await pipeline(body, response);
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    if (response.headersSent || error instanceof ConnectionLost) response.destroy();
    else {
      const { status, headers, body } = jsonError(500, "InternalFailure", text);
      response.writeHead(status, definedOnly(headers)).end(body);
    }
  }
}

async function decide(parts: GatewayParts, call: Call): Promise<Answer> {
  // Whoever reaches this machine's loopback may do so, as they may end the run.
  if (isAboutFaults(call)) return serveFaults(parts.faults, call);
  const backend = backendOf(parts, call);
  if (!backend)
    return jsonError(400, "UnknownOperationException", "The local run does not know this service.");

  const key = accessKeyOf(call.headers.authorization);
  if (key === undefined)
    return backend.error(
      "MissingAuthenticationTokenException",
      "Request is missing Authentication Token",
    );
  const caller = parts.callers.get(key);
  if (!caller)
    return backend.error(
      "UnrecognizedClientException",
      "The security token included in the request is invalid.",
    );

  const needs = backend.needs(call);
  if (!needs)
    return backend.error(
      "UnknownOperationException",
      "The local run does not know this operation.",
    );
  const refusal = caller.refusal(needs);
  if (refusal !== undefined) return backend.error("AccessDeniedException", refusal);
  return backend.serve(call);
}

function backendOf(parts: GatewayParts, call: Call): Backend | undefined {
  const { functions, secrets, dynamoDb } = parts;
  const [service = "", operation = ""] = String(call.headers["x-amz-target"] ?? "").split(".");

  if (service === "DynamoDB_20120810")
    return {
      needs: ({ body }) => dynamoDbNeeds(operation, inputOf(body)),
      serve: dynamoDb,
      error: (type, message) =>
        jsonError(400, `com.amazon.coral.service#${type}`, message, "application/x-amz-json-1.0"),
    };
  if (service === "secretsmanager")
    return {
      needs: ({ body }) =>
        secretNeeds(operation, inputOf(body), (secretId) => secrets.resolveArn(secretId)),
      serve: troubledSecrets(secretsService(secrets), parts.faults),
      error: (type, message) => jsonError(400, type, message),
    };
  if (service === "AmazonSQS")
    return {
      needs: ({ body }) => sqsNeeds(operation, inputOf(body)),
      serve: ({ body }) => serveSqs(parts.queues, operation, inputOf(body)),
      error: (type, message) =>
        jsonError(400, `com.amazonaws.sqs#${type}`, message, "application/x-amz-json-1.0"),
    };
  if (/^\/\d{4}-\d\d-\d\d\/functions/.test(call.url))
    return {
      needs: () => lambdaNeeds(call, functions),
      serve: lambdaService(functions),
      error: (type, message) => restError(403, type, message),
    };
  return undefined;
}

function inputOf(body: Buffer): JsonObject {
  try {
    const input = readJson(body.toString("utf8"));
    return isObject(input) ? input : {};
  } catch {
    // The service itself will say what is wrong with it.
    return {};
  }
}

async function readCall(request: IncomingMessage): Promise<Call> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const { method = "GET", url = "/", headers } = request;
  return { method, url, headers, body: Buffer.concat(chunks) };
}

function definedOnly(headers: Answer["headers"]): Record<string, string | string[]> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, typeof value === "string" ? value : [...value]] as const],
    ),
  );
}
