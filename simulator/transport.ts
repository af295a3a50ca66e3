import { randomUUID } from "node:crypto";
import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";

export type Method = "GET" | "POST" | "PATCH" | "DELETE";

export interface Exchange {
  readonly method: Method;
  /** Path and query, exactly as they go on the wire. */
  readonly target: string;
  readonly token: string;
  readonly body?: string;
}

export interface RawAnswer {
  readonly status: number;
  readonly contentType: string | undefined;
  readonly retryAfter: string | undefined;
  readonly text: string;
}

export interface Transport {
  readonly exchange: (exchange: Exchange) => Promise<RawAnswer>;
  /** Sends the head and half of the body, then cuts the connection. */
  readonly abort: (exchange: Exchange) => Promise<void>;
  readonly close: () => void;
}

const timeoutMs = 30_000;

/**
 * HTTP without a layer that rewrites the target or adds an Accept header. Connections are kept
 * open, at most `connections` of them.
 */
export function openTransport(origin: URL, connections: number): Transport {
  const isTls = origin.protocol === "https:";
  const settings = { keepAlive: true, maxSockets: connections };
  const agent = isTls ? new HttpsAgent(settings) : new HttpAgent(settings);
  const open = isTls ? httpsRequest : httpRequest;

  const start = (exchange: Exchange) =>
    open(origin, {
      agent,
      method: exchange.method,
      path: exchange.target,
      headers: headersOf(exchange),
    });

  return {
    exchange: (exchange) =>
      new Promise((resolve, reject) => {
        const request = start(exchange);
        const timer = setTimeout(
          () => request.destroy(new Error(`no answer within ${timeoutMs / 1000} s`)),
          timeoutMs,
        );
        const settle = () => clearTimeout(timer);
        request.on("response", (response) => {
          readAnswer(response).then(resolve, reject).finally(settle);
        });
        request.on("error", (error) => {
          settle();
          reject(error);
        });
        request.end(exchange.body);
      }),
    abort: (exchange) =>
      new Promise((resolve) => {
        const request = start(exchange);
        const body = Buffer.from(exchange.body ?? "");
        request.on("error", () => resolve());
        request.on("close", () => resolve());
        request.write(body.subarray(0, Math.ceil(body.length / 2)), () => request.destroy());
      }),
    close: () => agent.destroy(),
  };
}

/** No Accept, no Content-Type on a GET, and the header by which servers recognise the service. */
function headersOf({ token, body }: Exchange): Record<string, string | number> {
  const activity = `Date:${new Date().toISOString()}, ActivityId:${randomUUID()}`;
  const common = { Authorization: `Bearer ${token}`, ADSCIMVersion: activity };
  if (body === undefined) return common;
  return {
    ...common,
    "Content-Type": "application/scim+json; charset=utf-8",
    "Content-Length": Buffer.byteLength(body),
  };
}

async function readAnswer(response: IncomingMessage): Promise<RawAnswer> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(Buffer.from(chunk));
  return {
    status: response.statusCode ?? 0,
    contentType: response.headers["content-type"],
    retryAfter: response.headers["retry-after"],
    text: Buffer.concat(chunks).toString("utf8"),
  };
}
