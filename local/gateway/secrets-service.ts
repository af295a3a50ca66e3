import { type Json, readJson } from "../json.ts";
import { SecretsManagerError } from "../secrets-manager/errors.ts";
import type { SecretsManager } from "../secrets-manager/secrets-manager.ts";
import { jsonError, type Service } from "./exchange.ts";

/** Speaks Secrets Manager's JSON protocol. */
export function secretsService(secrets: SecretsManager): Service {
  return async ({ headers, body }) => {
    const operation = String(headers["x-amz-target"]).split(".").at(-1) ?? "";
    const input = inputOf(body);
    if (input === undefined)
      return jsonError(400, "SerializationException", "The request body is no JSON.");
    try {
      const output = await secrets.call(operation, input);
      return {
        status: 200,
        headers: { "Content-Type": "application/x-amz-json-1.1" },
        body: JSON.stringify(output),
      };
    } catch (error) {
      if (!(error instanceof SecretsManagerError)) throw error;
      return jsonError(error.status, error.type, error.message);
    }
  };
}

function inputOf(body: Buffer): Json | undefined {
  try {
    return readJson(body.toString("utf8") || "{}");
  } catch {
    return undefined;
  }
}
