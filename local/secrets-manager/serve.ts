import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { SecretsManagerError, serialization, unknownOperation } from "./errors.ts";
import type { SecretsManager } from "./secrets-manager.ts";

export interface ServedSecretsManager {
  readonly endpoint: string;
  stop(): Promise<void>;
}

/** Serves Secrets Manager's JSON protocol on a free port of this machine. */
export async function serveSecretsManager(core: SecretsManager): Promise<ServedSecretsManager> {
  const server = createServer((request, response) => {
    answer(core, request, response).catch(() => response.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");

  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("No port was given.");
  const stop = async () => {
    const closed = once(server, "close");
    server.close();
    server.closeAllConnections();
    await closed;
  };
  return { endpoint: `http://127.0.0.1:${address.port}`, stop };
}

async function answer(
  core: SecretsManager,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { status, body } = await outcome(core, request);
  response.writeHead(status, {
    "content-type": "application/x-amz-json-1.1",
    "x-amzn-requestid": randomUUID(),
  });
  response.end(JSON.stringify(body));
}

async function outcome(core: SecretsManager, request: IncomingMessage) {
  try {
    const text = await bodyOf(request);
    const [service, operation] = String(request.headers["x-amz-target"] ?? "").split(".");
    if (service !== "secretsmanager" || operation === undefined) throw unknownOperation();
    return { status: 200, body: await core.call(operation, readBody(text)) };
  } catch (error) {
    return errorReply(error);
  }
}

/** The reply that an SDK turns back into the error of this name. */
function errorReply(error: unknown) {
  if (error instanceof SecretsManagerError)
    return { status: error.status, body: { __type: error.type, Message: error.message } };
  const Message = "An error occurred on the server side.";
  return { status: 500, body: { __type: "InternalServiceError", Message } };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString("utf8");
}

function readBody(text: string): unknown {
  try {
    const body: unknown = text === "" ? {} : JSON.parse(text);
    if (typeof body === "object" && body !== null && !Array.isArray(body)) return body;
  } catch {
    // Answered below, as any body that is no JSON object.
  }
  throw serialization("The request body is not a JSON object.");
}
