import { afterAll, beforeAll, expect, test } from "@jest/globals";
import {
  aDeployment,
  aTenantWithToken,
  carriedOut,
  type Deployment,
  issued,
} from "../support/deployment.ts";

let deployment: Deployment;
beforeAll(async () => {
  deployment = await aDeployment();
});
afterAll(() => deployment.stop());

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const { signal } = new AbortController();
const isoNow = () => new Date(deployment.clock.now()).toISOString();

/** As a request with the token would note it now. */
const use = (tenant: string, tokenId: string) =>
  deployment.uses.keep(tenant, tokenId, { usedAt: isoNow(), succeededAt: isoNow() }, signal);

const listed = async (tenant: string): Promise<readonly Record<string, unknown>[]> =>
  Object((await carriedOut(deployment, { action: "token.list", tenant })).tokens);
const adviceOf = async (tenant: string, tokenId: unknown) =>
  (await listed(tenant)).find((token) => token.tokenId === tokenId)?.advice;

const rotated = async (tenant: string, tokenId: string, overlapHours = 72) => {
  const answer = await carriedOut(deployment, {
    action: "token.rotate",
    tenant,
    tokenId,
    overlapHours,
  });
  return String(answer.tokenId);
};

test("a token that nobody has used says so", async () => {
  const { tenant } = await aTenantWithToken(deployment);
  deployment.clock.pass(3 * hourMs);
  expect(await listed(tenant)).toMatchObject([
    { lastUsedAt: "never", advice: "Never used since it was issued 3 h ago." },
  ]);
});

test("a token that is used says when, and how that went", async () => {
  const { tenant, tokenId } = await aTenantWithToken(deployment);
  await use(tenant, tokenId);
  const usedAt = isoNow();
  deployment.clock.pass(minuteMs);
  const failure = { status: 409, detail: "Taken.", route: "POST /Users", requestId: "r" };
  await deployment.uses.keep(tenant, tokenId, { failedAt: isoNow(), failure }, signal);
  const [token] = await listed(tenant);
  expect(token).toMatchObject({
    lastUsedAt: usedAt,
    lastSuccessAt: usedAt,
    lastFailure: { at: isoNow(), ...failure },
  });
  expect(token).not.toHaveProperty("advice");
});

test("a rotation is followed from the old token to the new one, until the old one may go", async () => {
  const { tenant, tokenId: old } = await aTenantWithToken(deployment);
  await use(tenant, old);
  const fresh = await rotated(tenant, old);
  expect((await listed(tenant)).at(-1)).toMatchObject({ tokenId: fresh, replaces: old });

  deployment.clock.pass(4 * minuteMs);
  expect(await adviceOf(tenant, fresh)).toMatch(
    `The old one (${old}) was used 4 min ago: Entra has not switched yet, do not revoke it.`,
  );
  expect(await adviceOf(tenant, old)).toMatch("Entra may still use it");

  await use(tenant, fresh);
  expect(await adviceOf(tenant, fresh)).toMatch(
    /Both are in use: .* Wait until the old one has not been used for an hour/,
  );

  deployment.clock.pass(3 * hourMs - 4 * minuteMs);
  expect(await adviceOf(tenant, fresh)).toMatch(
    `Entra has switched: the old one (${old}) was last used 3 h ago, safe to revoke: {"action":"token.revoke"`,
  );
  expect(await adviceOf(tenant, old)).toMatch(`Replaced by ${fresh}; it ends by itself in`);
  const revoke = { action: "token.revoke", tenant, tokenId: old };
  expect(await deployment.admin()(revoke)).toMatchObject({ ok: true });
  expect(await adviceOf(tenant, fresh)).toBeUndefined();
});

test("a token counts as used up to 5 minutes after the time that is kept", async () => {
  const { tenant, tokenId: old } = await aTenantWithToken(deployment);
  await use(tenant, old);
  const fresh = await rotated(tenant, old);
  deployment.clock.pass(hourMs + 5 * minuteMs - 1);
  await use(tenant, fresh);
  expect(await adviceOf(tenant, fresh)).toMatch("Both are in use");
  deployment.clock.pass(1);
  expect(await adviceOf(tenant, fresh)).toMatch("safe to revoke");
});

test("where neither token is used, provisioning does not run", async () => {
  const { tenant, tokenId: old } = await aTenantWithToken(deployment);
  const fresh = await rotated(tenant, old);
  expect(await adviceOf(tenant, fresh)).toMatch("provisioning does not run");
});

test("where the old token ended before Entra had the new one, the list says so", async () => {
  const { tenant, tokenId: old } = await aTenantWithToken(deployment);
  await use(tenant, old);
  const fresh = await rotated(tenant, old, 2);
  deployment.clock.pass(2 * hourMs);
  expect(await adviceOf(tenant, fresh)).toMatch(`the old one (${old}) has ended: Entra is refused`);
  expect(await adviceOf(tenant, old)).toBeUndefined();
});

test("of a token that was rotated twice, the one that Entra uses is told from the one that was lost", async () => {
  const { tenant, tokenId: old } = await aTenantWithToken(deployment);
  await use(tenant, old);
  const lost = await rotated(tenant, old);
  const fresh = await rotated(tenant, old);
  deployment.clock.pass(2 * hourMs);
  await use(tenant, fresh);
  expect(await adviceOf(tenant, lost)).toMatch(
    `another one of the same rotation (${fresh}) is, and was last used just now.`,
  );
  expect(await adviceOf(tenant, old)).toMatch(`Replaced by ${fresh}; it ends by itself in`);
  expect(await adviceOf(tenant, fresh)).toMatch("Entra has switched");

  await carriedOut(deployment, { action: "token.revoke", tenant, tokenId: old });
  expect(await adviceOf(tenant, lost)).toMatch(`(${fresh}) is, and was last used`);
});

test("while Entra uses the oldest of three, provisioning is not said to stand still, nor to have switched", async () => {
  const { tenant, tokenId: oldest } = await aTenantWithToken(deployment);
  const middle = await rotated(tenant, oldest);
  const fresh = await rotated(tenant, middle);
  await use(tenant, oldest);
  expect(await adviceOf(tenant, fresh)).toMatch(`(${oldest}) was used just now: Entra has not`);
  deployment.clock.pass(minuteMs);
  await use(tenant, fresh);
  expect(await adviceOf(tenant, fresh)).toMatch("Both are in use");
  expect(await adviceOf(tenant, middle)).not.toMatch("Paste this one");
});

test("a new token that was only tried out, before the old one was used again, is no switch", async () => {
  const { tenant, tokenId: old } = await aTenantWithToken(deployment);
  const fresh = await rotated(tenant, old);
  await use(tenant, fresh);
  deployment.clock.pass(10 * minuteMs);
  await use(tenant, old);
  deployment.clock.pass(2 * hourMs);
  expect(await adviceOf(tenant, fresh)).toMatch(/^This one was used .*: Entra has not switched/);
  expect(await adviceOf(tenant, old)).toMatch("Entra may still use it");
  await use(tenant, fresh);
  expect(await adviceOf(tenant, fresh)).toMatch("Entra has switched");
});

test("a token that ends within 30 days warns with what to do", async () => {
  const { tenant, tokenId } = await aTenantWithToken(deployment, { expiresInDays: 31 });
  await use(tenant, tokenId);
  deployment.clock.pass(24 * hourMs - 1);
  expect(await adviceOf(tenant, tokenId)).toBeUndefined();
  deployment.clock.pass(1);
  expect(await adviceOf(tenant, tokenId)).toMatch(
    /^Expires in 30 days: rotate it before.*"token\.rotate"/,
  );
});

test.each([
  ["revoked", { action: "token.revoke" }],
  ["rotated without an overlap", { action: "token.rotate", overlapHours: 0 }],
])("a token in use is %s only where that is confirmed", async (_, command) => {
  const { tenant, tokenId } = await aTenantWithToken(deployment);
  await use(tenant, tokenId);
  deployment.clock.pass(hourMs);
  const message = { ...command, tenant, tokenId };
  const refused = await deployment.admin()(message);
  expect(refused).toMatchObject({
    ok: false,
    error: { code: "recentlyUsed", message: expect.stringContaining("last used 60 min ago") },
  });
  expect(await listed(tenant)).toMatchObject([{ tokenId, state: "active" }]);

  // The message ends with what to send instead.
  const [said = ""] =
    /\{[^{}]*\}(?=\.$)/.exec(JSON.parse(JSON.stringify(refused)).error.message) ?? [];
  expect(JSON.parse(said)).toEqual({ ...message, confirm: true });
  expect(await deployment.admin()(JSON.parse(said))).toMatchObject({ ok: true });
  expect((await listed(tenant))[0]).toMatchObject({ tokenId, state: "revoked" });
});

test("a token in use is rotated with an overlap without more ado", async () => {
  const { tenant, tokenId } = await aTenantWithToken(deployment);
  await use(tenant, tokenId);
  expect(await rotated(tenant, tokenId, 1)).not.toBe(tokenId);
});

test("another token's use keeps none from being revoked", async () => {
  const { tenant, tokenId } = await aTenantWithToken(deployment);
  const other = await issued(deployment, tenant);
  await use(tenant, other.tokenId);
  const revoke = { action: "token.revoke", tenant, tokenId };
  expect(await deployment.admin()(revoke)).toMatchObject({ ok: true });
});
