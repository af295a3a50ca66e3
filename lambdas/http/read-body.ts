import type { APIGatewayProxyEvent } from "aws-lambda";
import { checkMarks, mayHaveMarks } from "../scim/combining-marks.ts";
import { invalidSyntax } from "../scim/errors.ts";
import type { Json } from "../scim/json.ts";
import { decompress } from "./compress.ts";
import { headerOf } from "./header.ts";

const deepest = 32;

/**
 * The request's body as JSON, or undefined where there is none.
 * @throws ScimError 400 `invalidSyntax` where it is not JSON, or nested deeper than any SCIM message; 415 and 413 as `decompress`.
 */
export function readBody(
  event: Pick<APIGatewayProxyEvent, "body" | "isBase64Encoded"> & Parameters<typeof headerOf>[0],
): Json | undefined {
  const text = textOf(event);
  if (text.trim() === "") return undefined;
  checkDepth(text);
  const body = parse(text);
  if (brokenSurrogate.test(text)) eachText(body, checkWellFormed);
  if (mayHaveMarks(text)) eachText(body, checkMarks);
  return body;
}

function textOf(event: Parameters<typeof readBody>[0]): string {
  const body = event.body ?? "";
  // API Gateway gives every body in base64, since any media type may be binary.
  if (body === "" || !event.isBase64Encoded) return body;
  const bytes = Buffer.from(body, "base64");
  return decompress(bytes, headerOf(event, "content-encoding")).toString("utf8");
}

function parse(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    throw invalidSyntax("The request body is not valid JSON.");
  }
}

/** An escape that is half of a pair, which only the whole text tells to be alone. */
const brokenSurrogate = /\\u[dD][89a-fA-F]/;

/** Half a character cannot be stored, and two different halves would be stored as one. */
function checkWellFormed(text: string): void {
  if (!text.isWellFormed())
    throw invalidSyntax("The request body has half of a surrogate pair (\\ud800 to \\udfff).");
}

/** Puts every name and every text of a body to a check. */
function eachText(value: Json, check: (text: string) => void): void {
  if (typeof value === "string") check(value);
  if (typeof value !== "object" || value === null) return;
  for (const [name, member] of Object.entries(value)) {
    check(name);
    eachText(member as Json, check);
  }
}

/** Counts brackets outside of strings, so that no later step has to bound its recursion by itself. */
function checkDepth(text: string): void {
  let depth = 0;
  let inString = false;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (inString) {
      if (character === "\\") at++;
      else if (character === '"') inString = false;
    } else if (character === '"') inString = true;
    else if (character === "{" || character === "[") depth++;
    else if (character === "}" || character === "]") depth--;
    if (depth > deepest)
      throw invalidSyntax(`The request body nests deeper than ${deepest} levels.`);
  }
}
