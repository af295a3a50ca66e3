import { isObject, type Json, type JsonObject, readJson } from "../json.ts";

/** What goes back over the wire. */
export interface Reply {
  readonly status: number;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: Buffer;
}

/**
 * The reply that a function's result stands for; its base64 is undone only for a client whose
 * `acceptsBinary` says so, whatever the type of the answer.
 * @returns undefined where the result is not what a Lambda proxy may return; API Gateway answers 502 then.
 */
export function readReply(payload: string, acceptsBinary: boolean): Reply | undefined {
  const result = readJson(payload);
  if (!isObject(result) || Object.keys(result).some((name) => !allowed.has(name))) return undefined;
  const { statusCode, body, isBase64Encoded } = result;
  const status = readStatus(statusCode);
  const headers = readHeaders(result);
  const hasBody = typeof body === "string";
  if (!status || !headers || !(hasBody || body === undefined || body === null)) return undefined;

  const text = hasBody ? body : "";
  const encoding = isBase64Encoded === true && acceptsBinary ? "base64" : "utf8";
  return { status, headers: headers.map(renamed), body: Buffer.from(text, encoding) };
}

const allowed: ReadonlySet<string> = new Set([
  "body",
  "cookies",
  "headers",
  "isBase64Encoded",
  "multiValueHeaders",
  "statusCode",
  "statusDescription",
]);

function readStatus(statusCode: Json | undefined): number | undefined {
  const status = Number(statusCode ?? 200);
  return Number.isInteger(status) && status >= 100 && status < 600 ? status : undefined;
}

type Headers = readonly (readonly [string, string])[];

function readHeaders(result: JsonObject): Headers | undefined {
  const single = readPairs(result.headers, (value) =>
    isScalar(value) ? [String(value)] : undefined,
  );
  const multiple = readPairs(result.multiValueHeaders, (value) =>
    Array.isArray(value) && value.every(isScalar) ? value.map(String) : undefined,
  );
  if (!single || !multiple) return undefined;

  // Where a header is in both, the one with several values wins.
  const names = new Set(multiple.map(([name]) => name.toLowerCase()));
  return [...single.filter(([name]) => !names.has(name.toLowerCase())), ...multiple];
}

function readPairs(
  headers: Json | undefined,
  valuesOf: (value: Json) => readonly string[] | undefined,
): Headers | undefined {
  if (headers === undefined || headers === null) return [];
  if (!isObject(headers)) return undefined;
  const pairs: (readonly [string, string])[] = [];
  for (const [name, value] of Object.entries(headers)) {
    const values = valuesOf(value ?? null);
    if (!values || !/^[\w!#$%&'*+.^`|~-]+$/.test(name)) return undefined;
    if (values.some((text) => /[^\t\x20-\x7e\x80-\xff]/.test(text))) return undefined;
    for (const text of values) pairs.push([name, text]);
  }
  return pairs;
}

const isScalar = (value: Json) =>
  typeof value === "string" || typeof value === "number" || typeof value === "boolean";

/** Headers that a function cannot set: API Gateway passes them on by another name. */
const remapped: ReadonlySet<string> = new Set([
  "authorization",
  "connection",
  "content-length",
  "content-md5",
  "date",
  "expect",
  "host",
  "max-forwards",
  "proxy-authenticate",
  "server",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "user-agent",
  "www-authenticate",
]);

const renamed = ([name, value]: readonly [string, string]): readonly [string, string] =>
  remapped.has(name.toLowerCase()) ? [`x-amzn-Remapped-${name}`, value] : [name, value];
