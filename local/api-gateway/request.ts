import type { IncomingMessage } from "node:http";

/** A request as it came over the wire, its body read whole. */
export interface RawRequest {
  readonly method: string;
  /** As it stood in the request line: path and query, still encoded. */
  readonly target: string;
  /** In the order and the spelling in which they were sent. */
  readonly headers: readonly (readonly [string, string])[];
  readonly body: Buffer;
  readonly sourceIp: string;
}

/** API Gateway takes no more. */
export const bodyLimitBytes = 10 * 1024 * 1024;

/** Reads a request; undefined where its body is larger than API Gateway takes. */
export async function readRequest(incoming: IncomingMessage): Promise<RawRequest | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming) {
    size += chunk.length;
    // The rest is read and dropped: a client that is still sending would not read an answer.
    if (size <= bodyLimitBytes) chunks.push(chunk);
    else chunks.length = 0;
  }
  if (size > bodyLimitBytes) return undefined;
  return rawRequest(incoming, Buffer.concat(chunks));
}

export function rawRequest(incoming: IncomingMessage, body: Buffer): RawRequest {
  const { method = "GET", url = "/", rawHeaders, socket } = incoming;
  const headers = rawHeaders.flatMap((name, at) =>
    at % 2 === 0 ? [[name, rawHeaders[at + 1] ?? ""] as const] : [],
  );
  // A proxy's client sends the whole URL.
  const target = url.replace(/^https?:\/\/[^/?]*/i, "");
  return { method, target, headers, body, sourceIp: socket.remoteAddress ?? "127.0.0.1" };
}

/** The last value of a header. */
export function headerOf({ headers }: RawRequest, name: string): string | undefined {
  return headers.findLast(([header]) => header.toLowerCase() === name)?.[1];
}

/** The path's parts, decoded, and the query's pairs. @throws URIError where a percent sign is not followed by two hex digits, or they are no UTF-8. */
export function readTarget(target: string): {
  readonly path: string;
  readonly segments: readonly string[];
  readonly query: readonly (readonly [string, string])[];
} {
  const at = target.indexOf("?");
  const path = at < 0 ? target : target.slice(0, at);
  const query = at < 0 ? "" : target.slice(at + 1);
  // One slash at the end makes no other path.
  const parts = path.replace(/^\//, "").replace(/\/$/, "").split("/");
  return {
    path,
    segments: path === "/" || path === "" ? [] : parts.map((part) => decodeURIComponent(part)),
    query: query.split("&").flatMap((pair) => {
      if (pair === "") return [];
      const equals = pair.indexOf("=");
      const [name, value] =
        equals < 0 ? [pair, ""] : [pair.slice(0, equals), pair.slice(equals + 1)];
      return [[decodeQuery(name), decodeQuery(value)] as const];
    }),
  };
}

const decodeQuery = (text: string) => decodeURIComponent(text.replaceAll("+", " "));
