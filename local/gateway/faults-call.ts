import { text } from "node:stream/consumers";
import { isObject, type JsonObject, readJson } from "../json.ts";
import type { Answer, Call } from "./exchange.ts";

/** A call to DynamoDB, read. */
export interface DynamoDbCall {
  readonly operation: string;
  readonly input: JsonObject;
}

export function readDynamoDbCall({ headers, body }: Call): DynamoDbCall {
  const operation = String(headers["x-amz-target"] ?? "")
    .split(".")
    .at(-1);
  return { operation: operation ?? "", input: objectOf(body.toString("utf8")) };
}

/** The same caller's call of another operation, or with other input. */
export function callOf(call: Call, operation: string, input: JsonObject): Call {
  const body = Buffer.from(JSON.stringify(input));
  const headers = {
    ...call.headers,
    "x-amz-target": `DynamoDB_20120810.${operation}`,
    "content-length": String(body.length),
  };
  return { ...call, headers, body };
}

/** An answer read whole, so that its connection is free again. */
export async function readOutput({ body }: Answer): Promise<JsonObject> {
  return objectOf(
    typeof body === "string" || Buffer.isBuffer(body) ? String(body) : await text(body),
  );
}

/** DynamoDB's answer with this output, without the checksum and length that some other had. */
export const dynamoDbAnswer = (status: number, output: JsonObject): Answer => ({
  status,
  headers: { "Content-Type": "application/x-amz-json-1.0" },
  body: JSON.stringify(output),
});

function objectOf(body: string): JsonObject {
  try {
    const value = readJson(body);
    return isObject(value) ? value : {};
  } catch {
    // The engine itself will say what is wrong with it.
    return {};
  }
}
