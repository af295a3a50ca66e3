import type { DataDir } from "./data-dir.ts";
import { LocalRunError } from "./failure.ts";
import { personsKey } from "./gateway/callers.ts";
import { isObject, type JsonObject, readJson, readList, readText, textOrEmpty } from "./json.ts";

/** The tenant that a local deployment has from the start. */
export const demoTenant = "demo";

export interface Operator {
  /** Where Lambda is answered. */
  readonly endpoint: string;
  readonly adminFunction: string;
}

/** Makes the demo tenant and a token for it; kept data keep both. */
export async function demoToken(operator: Operator, kept: DataDir | undefined): Promise<string> {
  const created = await command(operator, { action: "tenant.create", tenant: demoTenant });
  const existed = isObject(created.error) && created.error.code === "tenantExists";
  const token = kept?.token();
  if (existed && token !== undefined && (await isActive(operator, token))) return token;

  const issued = await command(operator, {
    action: "token.issue",
    tenant: demoTenant,
    name: "local",
  });
  if (issued.ok !== true)
    throw new LocalRunError(`No token could be issued. ${reasonOf(issued)} ${reasonOf(created)}`);
  const fresh = readText(issued.token, "The token");
  kept?.keepToken(fresh);
  return fresh;
}

/** An operator may have revoked it since. */
async function isActive(operator: Operator, token: string): Promise<boolean> {
  const { tokens } = await command(operator, { action: "token.list", tenant: demoTenant });
  return readList(tokens).some(
    (listed) =>
      isObject(listed) &&
      listed.state === "active" &&
      token.startsWith(`rc_${demoTenant}_${textOrEmpty(listed.tokenId)}_`),
  );
}

async function command(operator: Operator, message: JsonObject): Promise<JsonObject> {
  const path = `/2015-03-31/functions/${operator.adminFunction}/invocations`;
  const response = await fetch(operator.endpoint + path, {
    method: "POST",
    headers: {
      Authorization: `AWS4-HMAC-SHA256 Credential=${personsKey}/20260101/us-east-1/lambda/aws4_request, SignedHeaders=host, Signature=none`,
    },
    body: JSON.stringify(message),
  });
  const answer = readJson(await response.text());
  if (!response.ok || response.headers.has("x-amz-function-error") || !isObject(answer))
    throw new LocalRunError(`The admin function failed: ${JSON.stringify(answer)}`);
  return answer;
}

function reasonOf({ error }: JsonObject): string {
  return isObject(error) && typeof error.message === "string" ? error.message : "";
}
