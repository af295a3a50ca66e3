import { randomBytes } from "node:crypto";
import { UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { formatToken, hashToken, newTokenId } from "../../lambdas/auth/token.ts";
import {
  aDeployment,
  aTenant,
  aTenantWithToken,
  carriedOut,
  type Deployment,
} from "../support/deployment.ts";
import { tableName } from "../support/table.ts";

let deployment: Deployment;
beforeAll(async () => {
  deployment = await aDeployment();
});
afterAll(() => deployment.stop());

const dayMs = 24 * 60 * 60 * 1000;
const partsOf = (tenant: string, tokenId: string, token: string) => ({
  tenant,
  tokenId,
  sha256: hashToken(token),
});

/** Asked in both ways, which must give one answer, in which the token does not stand. */
async function whois(token: string) {
  const answer = await carriedOut(deployment, { action: "token.whois", token });
  expect(JSON.stringify(answer)).not.toContain(token.slice(-40));
  const [, tenant = "", tokenId = ""] = token.split("_");
  if (answer.state !== "mistyped")
    expect(
      await carriedOut(deployment, {
        action: "token.whois",
        ...partsOf(tenant, tokenId, token),
      }),
    ).toEqual(answer);
  return answer;
}

test("a token that works is named, with when it was used, and what to do if it leaked", async () => {
  const { tenant, token, tokenId } = await aTenantWithToken(deployment, { name: "Entra" });
  const usedAt = new Date(deployment.clock.now()).toISOString();
  await deployment.uses.keep(tenant, tokenId, { usedAt }, new AbortController().signal);
  expect(await whois(token)).toMatchObject({
    ok: true,
    state: "active",
    tenant,
    tenantState: "active",
    tokenId,
    name: "Entra",
    lastUsedAt: usedAt,
    advice: expect.stringMatching(/leaked: rotate it .* then revoke it/),
  });
});

test("a token of a suspended tenant says that it works again after that", async () => {
  const { tenant, token } = await aTenantWithToken(deployment);
  await deployment.db.send(
    new UpdateCommand({
      TableName: tableName,
      Key: { pk: "TENANTS", sk: `TENANT#${tenant}` },
      UpdateExpression: "SET #state = :suspended",
      ExpressionAttributeNames: { "#state": "state" },
      ExpressionAttributeValues: { ":suspended": "suspended" },
    }),
  );
  expect(await whois(token)).toMatchObject({
    state: "active",
    tenantState: "suspended",
    advice: expect.stringContaining("403 as long as its tenant is suspended"),
  });
});

test("a token that was found in a header or with spaces around it is found all the same", async () => {
  const { token, tokenId } = await aTenantWithToken(deployment);
  for (const text of [` ${token}\n`, `Bearer ${token}`])
    expect(await carriedOut(deployment, { action: "token.whois", token: text })).toMatchObject({
      state: "active",
      tokenId,
    });
});

describe.each(["expired", "revoked"])("a token that is %s", (state) => {
  test("is named, and works no more", async () => {
    const { tenant, token, tokenId } = await aTenantWithToken(deployment, { expiresInDays: 1 });
    if (state === "revoked")
      await carriedOut(deployment, { action: "token.revoke", tenant, tokenId });
    else deployment.clock.pass(dayMs);
    expect(await whois(token)).toMatchObject({
      state,
      tokenId,
      lastUsedAt: "never",
      advice: expect.stringContaining("works no more"),
    });
  });
});

test("one whose checksum is wrong, or that was cut off, or is none of ours, is told by its form alone", async () => {
  const { token } = await aTenantWithToken(deployment);
  const mistyped = [
    token.slice(0, -1),
    `${token}x`,
    token.slice(0, -1) + (token.endsWith("a") ? "b" : "a"),
    token.replace("rc_t", "rc_u"),
    "ghp_0123456789",
    "none",
  ];
  for (const text of mistyped)
    expect(await whois(text)).toEqual({
      ok: true,
      state: "mistyped",
      advice: expect.stringContaining("mistyped or cut off"),
    });
});

test("what is well-formed and not known says what is not", async () => {
  const { tenant, token, tokenId } = await aTenantWithToken(deployment);
  const nobody = aTenant();
  expect(await whois(formatToken(nobody, tokenId, randomBytes))).toMatchObject({
    state: "unknownTenant",
    tenant: nobody,
  });
  expect(await whois(formatToken(tenant, newTokenId(randomBytes), randomBytes))).toMatchObject({
    state: "unknownToken",
    tenant,
    tenantState: "active",
  });
  const forged = await whois(formatToken(tenant, tokenId, randomBytes));
  expect(forged).toMatchObject({ state: "unknownToken", advice: expect.stringMatching("Forged") });
  expect(forged).not.toHaveProperty("name");
  expect(await whois(token)).toMatchObject({ state: "active" });
});

test.each([
  [{}, "Send either token, or tenant, tokenId and sha256"],
  [{ token: "a", tenant: "a" }, "Send either token"],
  [{ tenant: "a", tokenId: "b" }, "Send either token"],
  [{ tenant: "a", tokenId: "b", sha256: "c" }, "sha256 must be 64 characters of 0-9 and a-f"],
])("%j is refused", async (wish, text) => {
  expect(await deployment.admin()({ action: "token.whois", ...wish })).toMatchObject({
    ok: false,
    error: { code: "invalidMessage", message: expect.stringContaining(text) },
  });
});
