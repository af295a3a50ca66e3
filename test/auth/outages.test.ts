import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { secretsManagerEraser, secretsManagerReader } from "../../lambdas/auth/secrets-manager.ts";
import { type Answer, jsonError } from "../../local/gateway/exchange.ts";
import { secretsService } from "../../local/gateway/secrets-service.ts";
import { serveCalls } from "../../local/gateway/server.ts";
import { type Listening, listen } from "../../local/listen.ts";
import {
  aDeployment,
  aFunction,
  aTenantWithToken,
  type Deployment,
  issued,
  prefix,
} from "../support/deployment.ts";

let deployment: Deployment;
let served: Listening;
/** What Secrets Manager answers instead of what it has. */
let refusal: Answer | undefined;
beforeAll(async () => {
  deployment = await aDeployment();
  const service = secretsService(deployment.core);
  served = await listen(
    serveCalls(async (call) => refusal ?? service(call)),
    0,
  );
});
afterAll(async () => {
  await served.stop();
  await deployment.stop();
});

/** A function whose calls reach a Secrets Manager that may refuse. */
function aTroubledFunction() {
  const secrets = deployment.client({ endpoint: served.url, retryStrategy: once });
  return aFunction({ ...deployment, reader: secretsManagerReader({ secrets, prefix }) });
}

/** Without pauses between the tries. */
const once = {
  acquireInitialRetryToken: async () => ({ getRetryCount: () => 0, getRetryDelay: () => 0 }),
  refreshRetryTokenForRetry: async () => {
    throw new Error("no more tries");
  },
  recordSuccess: () => undefined,
};

describe.each([
  ["is throttled", jsonError(400, "ThrottlingException", "Rate exceeded")],
  ["fails", jsonError(500, "InternalServiceError", "An error occurred on the server side.")],
  ["may not be read", jsonError(400, "AccessDeniedException", "Access to KMS is not allowed")],
  ["has lost its key", jsonError(400, "DecryptionFailure", "The KMS key is pending deletion.")],
  ["has a disabled key", jsonError(400, "InvalidRequestException", "The KMS key is disabled.")],
  ["will lose its key", jsonError(400, "InvalidRequestException", "The key is pending deletion.")],
  ["answers nonsense", { status: 200, headers: {}, body: '{"SecretString":"nonsense"}' }],
])("a secret that %s", (_, answer) => {
  test("is no reason to refuse a token: it is answered 503, known ones go on, and all is well by itself", async () => {
    const { tenant, token } = await aTenantWithToken(deployment);
    const [warm, cold] = [aTroubledFunction(), aTroubledFunction()];
    expect(await warm.verify(token)).toBeDefined();
    const late = await issued(deployment, tenant);

    refusal = answer;
    const cannotTell = { name: "ScimError", status: 503, retryAfterSeconds: 5 };
    await expect(cold.verify(token)).rejects.toMatchObject(cannotTell);
    await expect(warm.verify(late.token)).rejects.toMatchObject(cannotTell);
    deployment.clock.pass(60_000);
    expect(await warm.verify(token)).toBeDefined();
    expect(warm.reported).toHaveLength(2);

    refusal = undefined;
    deployment.clock.pass(5000);
    expect(await cold.verify(token)).toBeDefined();
    expect(await warm.verify(late.token)).toBeDefined();
  });
});

test("a secret that waits to be deleted makes its tokens void", async () => {
  const { tenant, token } = await aTenantWithToken(deployment);
  await deployment.core.call("DeleteSecret", { SecretId: `${prefix}${tenant}` });
  expect(await aTroubledFunction().verify(token)).toBeUndefined();
});

test("a secret that cannot be deleted is not taken for one that is gone", async () => {
  const { tenant } = await aTenantWithToken(deployment);
  const secrets = deployment.client({ endpoint: served.url, retryStrategy: once });
  const erase = secretsManagerEraser({ secrets, prefix });
  const why = "You can't delete a secret that still has replica regions.";
  refusal = jsonError(400, "InvalidRequestException", why);
  await expect(erase(tenant)).rejects.toThrow(why);
  refusal = jsonError(400, "InvalidRequestException", "The secret was marked for deletion.");
  await erase(tenant);
  refusal = undefined;
  await erase(tenant);
  expect(await deployment.reader.read(tenant)).toBeUndefined();
});
