import { gunzipSync, inflateSync } from "node:zlib";
import { bodyLimitBytes, headerOf, type RawRequest } from "./request.ts";

type Decode = (body: Buffer, options: { readonly maxOutputLength: number }) => Buffer;

const decoders: ReadonlyMap<string, Decode> = new Map([
  ["identity", (body: Buffer) => body],
  ["gzip", gunzipSync],
  ["deflate", inflateSync],
]);

/** The request with its body as API Gateway hands it on: what it was compressed by is undone, and still named. */
export function decompressed(
  request: RawRequest,
): RawRequest | "UNSUPPORTED_MEDIA_TYPE" | "REQUEST_TOO_LARGE" {
  const coding = headerOf(request, "content-encoding")?.trim().toLowerCase();
  if (coding === undefined || request.body.length === 0) return request;
  const decode = decoders.get(coding);
  if (!decode) return "UNSUPPORTED_MEDIA_TYPE";
  try {
    return { ...request, body: decode(request.body, { maxOutputLength: bodyLimitBytes }) };
  } catch (error) {
    return isTooLarge(error) ? "REQUEST_TOO_LARGE" : "UNSUPPORTED_MEDIA_TYPE";
  }
}

const isTooLarge = (error: unknown): boolean =>
  typeof error === "object" &&
  error !== null &&
  "code" in error &&
  error.code === "ERR_BUFFER_TOO_LARGE";
