import { randomBytes } from "node:crypto";
import { DeleteCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { readTenantSettings } from "../../lambdas/auth/tenant-settings.ts";
import { formatToken, newTokenId } from "../../lambdas/auth/token.ts";
import {
  aDeployment,
  aFunction,
  aTenant,
  aTenantWithToken,
  carriedOut,
  type Deployment,
  issued,
} from "../support/deployment.ts";
import { tableName } from "../support/table.ts";

let deployment: Deployment;
beforeAll(async () => {
  deployment = await aDeployment();
});
afterAll(() => deployment.stop());

const seconds = (count: number) => deployment.clock.pass(count * 1000);

/** Well-formed, and never issued. */
const aBadToken = (tenant: string) => formatToken(tenant, newTokenId(randomBytes), randomBytes);

const setState = (tenant: string, state: "active" | "suspended") =>
  deployment.db.send(
    new UpdateCommand({
      TableName: tableName,
      Key: { pk: "TENANTS", sk: `TENANT#${tenant}` },
      UpdateExpression: "SET #state = :state",
      ExpressionAttributeNames: { "#state": "state" },
      ExpressionAttributeValues: { ":state": state },
    }),
  );

const cannotTell = { name: "ScimError", status: 503 };

test("a token says who is calling, with which scopes and settings", async () => {
  const tenant = aTenant();
  const settings = { unknownMembers: "ignore" };
  await carriedOut(deployment, { action: "tenant.create", tenant, settings });
  const { token, tokenId } = await issued(deployment, tenant, { scopes: ["users:read"] });

  expect(await aFunction(deployment).verify(token)).toEqual({
    tenant,
    credential: { kind: "token", id: tokenId },
    scopes: ["users:read"],
    settings: readTenantSettings(settings),
  });
});

test("a tenant is read once in the cache time, however many requests come", async () => {
  const { token } = await aTenantWithToken(deployment);
  const { verify, calls } = aFunction(deployment);
  await Promise.all(Array.from({ length: 20 }, () => verify(token)));
  for (let second = 0; second < 59; second++) {
    seconds(1);
    expect(await verify(token)).toBeDefined();
  }
  expect(calls).toEqual({ secrets: 1, tenants: 1 });

  seconds(1);
  expect(await verify(token)).toBeDefined();
  expect(calls).toEqual({ secrets: 2, tenants: 2 });
});

test("a mistyped token and one of no tenant are refused, the former without a call", async () => {
  const { token } = await aTenantWithToken(deployment);
  const { verify, calls } = aFunction(deployment);
  expect(await verify(`${token.slice(0, -1)}${token.endsWith("x") ? "y" : "x"}`)).toBeUndefined();
  expect(await verify("")).toBeUndefined();
  expect(calls).toEqual({ secrets: 0, tenants: 0 });

  expect(await verify(aBadToken(aTenant()))).toBeUndefined();
  expect(calls).toEqual({ secrets: 0, tenants: 1 });
});

test("a token with a known id and another secret is refused without another look", async () => {
  const { tenant, token, tokenId } = await aTenantWithToken(deployment);
  const { verify, calls } = aFunction(deployment);
  await verify(token);
  for (let n = 0; n < 50; n++)
    expect(await verify(formatToken(tenant, tokenId, randomBytes))).toBeUndefined();
  expect(calls.secrets).toBe(1);
});

test("a new token works at once although the tenant is cached", async () => {
  const { tenant, token } = await aTenantWithToken(deployment);
  const { verify } = aFunction(deployment);
  await verify(token);
  const fresh = await issued(deployment, tenant);
  expect(await verify(fresh.token)).toMatchObject({ credential: { id: fresh.tokenId } });
});

test("the first token works at once although its tenant was asked for before it existed", async () => {
  const tenant = aTenant();
  const { verify } = aFunction(deployment);
  expect(await verify(aBadToken(tenant))).toBeUndefined();
  await carriedOut(deployment, { action: "tenant.create", tenant });
  const { token } = await issued(deployment, tenant);
  expect(await verify(token)).toMatchObject({ tenant });
});

test("while bad tokens pour in, a new one works within 5 s, and never gets a 401", async () => {
  const { tenant, token } = await aTenantWithToken(deployment);
  const { verify, calls } = aFunction(deployment);
  await verify(token);
  await verify(aBadToken(tenant));
  const fresh = await issued(deployment, tenant);

  let waited = 0;
  for (; waited < 5000; waited += 500) {
    await expect(verify(fresh.token)).rejects.toMatchObject(cannotTell);
    await expect(verify(aBadToken(tenant))).rejects.toMatchObject(cannotTell);
    await expect(verify(aBadToken(aTenant()))).resolves.toBeUndefined();
    deployment.clock.pass(500);
  }
  await verify(aBadToken(tenant));
  expect(await verify(fresh.token)).toMatchObject({ credential: { id: fresh.tokenId } });
  expect(await verify(token)).toBeDefined();
  expect(calls.secrets).toBe(3);
});

test("a token that must wait is told for how long", async () => {
  const { tenant } = await aTenantWithToken(deployment);
  const { verify } = aFunction(deployment);
  await verify(aBadToken(tenant));
  await verify(aBadToken(tenant));
  seconds(2);
  await expect(verify(aBadToken(tenant))).rejects.toMatchObject({ retryAfterSeconds: 3 });
});

test("a wrong token that is sent again and again gets 401 and hardly a call", async () => {
  const { tenant } = await aTenantWithToken(deployment);
  const { verify, calls } = aFunction(deployment);
  const wrong = aBadToken(tenant);
  for (let second = 0; second < 60; second++) {
    expect(await verify(wrong)).toBeUndefined();
    seconds(1);
  }
  expect(calls.secrets).toBeLessThanOrEqual(5);
});

test("a minute's flood of bad tokens for one tenant costs at most 13 looks", async () => {
  const { tenant } = await aTenantWithToken(deployment);
  const { verify, calls } = aFunction(deployment);
  for (let step = 0; step < 600; step++) {
    await verify(aBadToken(tenant)).catch(() => undefined);
    deployment.clock.pass(100);
  }
  expect(calls.secrets).toBeLessThanOrEqual(14);
});

test("a flood of bad tokens for made-up tenants costs the secrets nothing and the table a bounded number of calls, and holds up no known tenant", async () => {
  const { tenant, token } = await aTenantWithToken(deployment);
  const { verify, calls } = aFunction(deployment);
  await verify(token);
  for (let n = 0; n < 2000; n++) {
    await verify(aBadToken(`made-up-${n}`)).catch(() => undefined);
    deployment.clock.pass(10);
  }
  expect(calls.secrets).toBe(1);
  // 300 at once, and 5 a second that come back.
  expect(calls.tenants).toBe(300 + 20 * 5);

  const fresh = await issued(deployment, tenant);
  expect(await verify(fresh.token)).toBeDefined();
  await verify(aBadToken("made-up-2000")).catch(() => undefined);
  await expect(verify(aBadToken("made-up-2001"))).rejects.toMatchObject(cannotTell);
});

test("a flood of bad tokens for many real tenants costs a bounded number of calls", async () => {
  const tenants: string[] = [];
  for (let n = 0; n < 25; n++) tenants.push((await aTenantWithToken(deployment)).tenant);
  const { verify, calls } = aFunction(deployment);
  for (let step = 0; step < 120; step++) {
    for (const tenant of tenants) await verify(aBadToken(tenant)).catch(() => undefined);
    deployment.clock.pass(499);
  }
  expect(calls.secrets).toBeLessThanOrEqual(240 + tenants.length * 2);
});

test("a revoked token stops within the cache time", async () => {
  const { tenant, token, tokenId } = await aTenantWithToken(deployment);
  const { verify } = aFunction(deployment);
  await verify(token);
  await carriedOut(deployment, { action: "token.revoke", tenant, tokenId });
  seconds(60);
  expect(await verify(token)).toBeUndefined();
  expect(await aFunction(deployment).verify(token)).toBeUndefined();
});

test("a revoked token stops within the cache time although bad tokens pour in", async () => {
  const { tenant, token, tokenId } = await aTenantWithToken(deployment);
  const { verify } = aFunction(deployment);
  await verify(token);
  await carriedOut(deployment, { action: "token.revoke", tenant, tokenId });
  for (let second = 0; second < 60; second++) {
    await verify(aBadToken(tenant)).catch(() => undefined);
    seconds(1);
  }
  expect(await verify(token)).toBeUndefined();
});

test("a look that a bad token caused does not lengthen the cache time", async () => {
  const { tenant, token, tokenId } = await aTenantWithToken(deployment);
  const { verify } = aFunction(deployment, 2);
  await verify(token);
  await verify(aBadToken(tenant));
  await carriedOut(deployment, { action: "token.revoke", tenant, tokenId });
  seconds(2);
  expect(await verify(token)).toBeUndefined();
});

test("a token stops the moment it expires, cached or not", async () => {
  const { token } = await aTenantWithToken(deployment, { expiresInDays: 1 });
  const { verify, fault } = aFunction(deployment, 300);
  seconds(24 * 3600 - 1);
  expect(await verify(token)).toBeDefined();
  fault.isOn = true;
  seconds(1);
  expect(await verify(token)).toBeUndefined();
});

test("in an outage known tokens go on for an hour, unknown ones get 503, and neither is asked for again and again", async () => {
  const { tenant, token } = await aTenantWithToken(deployment);
  const { verify, calls, fault, reported } = aFunction(deployment);
  await verify(token);
  fault.isOn = true;

  for (let second = 1; second < 3600; second++) {
    seconds(1);
    expect(await verify(token)).toBeDefined();
  }
  await expect(verify(aBadToken(tenant))).rejects.toMatchObject(cannotTell);
  expect(calls.tenants).toBeLessThanOrEqual(3600 / 5 + 1);
  expect(reported).not.toHaveLength(0);

  seconds(1);
  await expect(verify(token)).rejects.toMatchObject(cannotTell);
  fault.isOn = false;
  seconds(5);
  expect(await verify(token)).toBeDefined();
});

test("in an outage of more than an hour nobody is let in, and neither is asked for again and again", async () => {
  const { token } = await aTenantWithToken(deployment);
  const { verify, calls, fault } = aFunction(deployment);
  expect(await verify(token)).toBeDefined();
  fault.ofSecrets = true;
  deployment.clock.pass(61 * 60_000);
  calls.secrets = 0;
  for (let n = 0; n < 20; n++) await expect(verify(token)).rejects.toMatchObject({ status: 503 });
  expect(calls.secrets).toBe(1);

  fault.ofSecrets = false;
  deployment.clock.pass(5000);
  expect(await verify(token)).toBeDefined();
});

test("in an outage a tenant that was never read gets 503, and not a call each time", async () => {
  const { token } = await aTenantWithToken(deployment);
  const { verify, calls, fault } = aFunction(deployment);
  fault.isOn = true;
  for (let n = 0; n < 100; n++)
    await expect(verify(token)).rejects.toMatchObject({ ...cannotTell, retryAfterSeconds: 5 });
  expect(calls.tenants).toBe(1);
  fault.isOn = false;
  seconds(5);
  expect(await verify(token)).toBeDefined();
});

test("a token that comes while a look is under way is not judged by that look", async () => {
  const { tenant, token } = await aTenantWithToken(deployment);
  const { verify, fault } = aFunction(deployment);
  await verify(token);

  const gate = Promise.withResolvers<void>();
  fault.waits = gate.promise;
  const first = verify(aBadToken(tenant));
  const second = verify(aBadToken(tenant));
  gate.resolve();
  expect(await first).toBeUndefined();
  await expect(second).rejects.toMatchObject({ ...cannotTell, retryAfterSeconds: 1 });
});

test("a suspended tenant gets 403 that says so, but only with a token of its own", async () => {
  const { tenant, token } = await aTenantWithToken(deployment);
  const { verify } = aFunction(deployment);
  await verify(token);
  await setState(tenant, "suspended");
  seconds(60);
  await expect(verify(token)).rejects.toMatchObject({
    name: "ScimError",
    status: 403,
    detail: expect.stringContaining("suspended"),
  });
  expect(await aFunction(deployment).verify(aBadToken(tenant))).toBeUndefined();
});

test("who is suspended is not let in by an outage of the secrets", async () => {
  const { tenant, token } = await aTenantWithToken(deployment);
  const { verify, fault } = aFunction(deployment);
  await verify(token);
  fault.ofSecrets = true;
  seconds(60);
  expect(await verify(token)).toBeDefined();
  await setState(tenant, "suspended");
  seconds(5);
  await expect(verify(token)).rejects.toMatchObject({ status: 403 });
  await setState(tenant, "active");
  seconds(5);
  expect(await verify(token)).toBeDefined();
  // What is read of the tenant does not make its secret any newer.
  seconds(3600 - 70);
  await expect(verify(token)).rejects.toMatchObject(cannotTell);
});

test("a tenant that is gone is not let in by an outage of the secrets", async () => {
  const { tenant, token } = await aTenantWithToken(deployment);
  const { verify, fault } = aFunction(deployment);
  await verify(token);
  fault.ofSecrets = true;
  const Key = { pk: "TENANTS", sk: `TENANT#${tenant}` };
  await deployment.db.send(new DeleteCommand({ TableName: tableName, Key }));
  seconds(60);
  expect(await verify(token)).toBeUndefined();
});

test("one tenant's token is never taken for another's", async () => {
  const [one, other] = [await aTenantWithToken(deployment), await aTenantWithToken(deployment)];
  const { verify } = aFunction(deployment);
  expect(await verify(one.token)).toMatchObject({ tenant: one.tenant });
  expect(await verify(formatToken(other.tenant, one.tokenId, randomBytes))).toBeUndefined();
  expect(await verify(one.token.replace(one.tenant, other.tenant))).toBeUndefined();
});
