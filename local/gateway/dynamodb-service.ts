import { Agent, request } from "node:http";
import { LocalRunError } from "../failure.ts";
import { isObject, type JsonObject, readJson } from "../json.ts";
import type { Answer, Call, Service } from "./exchange.ts";

/** DynamoDB closes idle connections after a while; a connection must not be taken up just then. */
const idleMs = 5000;

/** Passes calls on to DynamoDB Local as they are. `endpoint` is awaited, since the engine takes its time to start. */
export function dynamoDbService(endpoint: Promise<string>): Service {
  const agent = new Agent({ keepAlive: true, maxSockets: 128, timeout: idleMs });
  return async (call) => forward(await endpoint, agent, call);
}

/** What the local run itself asks of DynamoDB. @throws LocalRunError with DynamoDB's own text. */
export async function askDynamoDb(
  endpoint: string,
  operation: string,
  input: JsonObject,
  service: "DynamoDB" | "DynamoDBStreams" = "DynamoDB",
): Promise<JsonObject> {
  const response = await fetch(endpoint, {
    method: "POST",
    headers: {
      "Content-Type": "application/x-amz-json-1.0",
      "X-Amz-Target": `${service}_20120810.${operation}`,
      // DynamoDB Local wants to see a key, not to check it.
      Authorization:
        "AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=none",
    },
    body: JSON.stringify(input),
  });
  const output = readJson(await response.text());
  if (response.ok && isObject(output)) return output;
  throw new LocalRunError(`DynamoDB Local refused ${operation}: ${JSON.stringify(output)}`);
}

function forward(endpoint: string, agent: Agent, call: Call): Promise<Answer> {
  const { host: _host, connection: _connection, ...headers } = call.headers;
  return new Promise((resolve, reject) => {
    const outgoing = request(endpoint + call.url, { agent, method: call.method, headers });
    outgoing.once("error", reject);
    outgoing.once("response", (response) => {
      const { connection: _, "keep-alive": _keepAlive, ...answerHeaders } = response.headers;
      resolve({ status: response.statusCode ?? 500, headers: answerHeaders, body: response });
    });
    outgoing.end(call.body);
  });
}
