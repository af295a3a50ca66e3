import { gunzipSync, gzipSync } from "node:zlib";
import { invalidSyntax, ScimError, tooLarge } from "../scim/errors.ts";

/** Half the time of the default level, for 5 % more bytes: ids and addresses repeat, and their random half does not shrink. */
const level = 1;

/** A text in gzip, and that in base64. */
export const compress = (text: string): string => gzipSync(text, { level }).toString("base64");

const gzipNames: ReadonlySet<string> = new Set(["gzip", "x-gzip"]);

/**
 * Whether a client takes gzip, by its `Accept-Encoding` (RFC 9110, section 12.5.3). One that sends
 * none is not given any: by the RFC it takes everything, but many such decode nothing.
 */
export function takesGzip(acceptEncoding: string | undefined): boolean {
  const wishes = (acceptEncoding ?? "").split(",").map(readWish);
  const named = wishes.filter(({ coding }) => gzipNames.has(coding));
  const meant = named.length > 0 ? named : wishes.filter(({ coding }) => coding === "*");
  return meant.some(({ weight }) => weight > 0);
}

function readWish(text: string): { readonly coding: string; readonly weight: number } {
  const [coding = "", ...parameters] = text.split(";").map((part) => part.trim().toLowerCase());
  const weight = parameters.find((parameter) => /^q\s*=/.test(parameter));
  // What is no weight is none: a plain answer is always understood.
  return { coding, weight: weight === undefined ? 1 : Number(weight.split("=")[1]?.trim() || 0) };
}

/** As large as a body may be that comes as it is. */
const largestBody = 6 * 1024 * 1024;

/** Codings that API Gateway undoes by itself; it is not documented whether the header is left. */
const undoneBefore: ReadonlySet<string> = new Set([...gzipNames, "deflate"]);

/**
 * A request's body without its `Content-Encoding`, whether or not API Gateway has undone it: no
 * JSON begins as gzip does.
 * @throws ScimError 415 for another coding, 413 where it holds more than a body may, 400 where it is broken.
 */
export function decompress(body: Buffer, contentEncoding: string | undefined): Buffer {
  const codings = (contentEncoding ?? "").split(",").map((coding) => coding.trim().toLowerCase());
  const applied = codings.filter((coding) => coding !== "" && coding !== "identity");
  if (applied.length === 0) return body;
  if (applied.length > 1 || !applied.every((coding) => undoneBefore.has(coding)))
    throw new ScimError(415, "The request body is encoded; send it plain or in gzip.");
  return body[0] === 0x1f && body[1] === 0x8b ? gunzip(body) : body;
}

function gunzip(body: Buffer): Buffer {
  try {
    return gunzipSync(body, { maxOutputLength: largestBody });
  } catch (error) {
    if (isTooLarge(error))
      throw tooLarge(`The request body holds more than ${largestBody} bytes; send less.`);
    throw invalidSyntax("The request body is not valid gzip.");
  }
}

const isTooLarge = (error: unknown): boolean =>
  typeof error === "object" &&
  error !== null &&
  "code" in error &&
  error.code === "ERR_BUFFER_TOO_LARGE";
