import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { AdminAnswer } from "../../lambdas/admin/admin.ts";
import {
  aDeployment,
  aFunction,
  aTenant,
  aTenantWithToken,
  carriedOut,
  type Deployment,
  issued,
  prefix,
} from "../support/deployment.ts";

let deployment: Deployment;
let admin: (event: unknown) => Promise<AdminAnswer>;
beforeAll(async () => {
  deployment = await aDeployment();
  admin = deployment.admin();
});
afterAll(() => deployment.stop());

const dayMs = 24 * 60 * 60 * 1000;
const refusal = (code: string, text = "") => ({
  ok: false,
  error: { code, message: expect.stringContaining(text) },
});
const tokensOf = async (tenant: string): Promise<readonly Record<string, unknown>[]> =>
  Object((await carriedOut(deployment, { action: "token.list", tenant })).tokens);

test("a tenant is created active, with the default settings, and the answer says what comes next", async () => {
  const tenant = aTenant();
  expect(await admin({ action: "tenant.create", tenant })).toEqual({
    ok: true,
    tenant,
    state: "active",
    settings: {
      uniqueGroupNames: true,
      unknownMembers: "refuse",
      strictness: "entra",
      tombstoneDays: 30,
      patchAnswers: { users: "resource", groups: "noContent", resources: "resource" },
      requiredAttributes: [],
      otherAttributes: "ignore",
    },
    createdAt: new Date(deployment.clock.now()).toISOString(),
    next: expect.stringContaining("token.issue"),
  });
});

test("a name that is taken is refused, and nothing is changed", async () => {
  const { tenant, token } = await aTenantWithToken(deployment);
  const settings = { uniqueGroupNames: false };
  const again = await admin({ action: "tenant.create", tenant, settings });
  expect(again).toEqual(refusal("tenantExists", "Choose another name"));
  expect(await aFunction(deployment).verify(token)).toMatchObject({
    settings: { uniqueGroupNames: true },
  });
});

test("of racing creates of one name one succeeds", async () => {
  const tenant = aTenant();
  const create = () => admin({ action: "tenant.create", tenant });
  const answers = await Promise.all([create(), create(), create()]);
  expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
});

test("a create that was cut off after the secret is completed by the next one", async () => {
  const tenant = aTenant();
  await deployment.store().create(tenant);
  expect(await admin({ action: "tenant.create", tenant })).toMatchObject({ ok: true });
  await issued(deployment, tenant);
});

test.each(["tenant.create", "token.issue"])(
  "a tenant without a secret is mended by the next %s",
  async (action) => {
    const tenant = aTenant();
    await deployment.tenants.create({ tenant, settings: {}, createdAt: "2026-01-01T00:00:00Z" });
    expect(await admin({ action, tenant })).toMatchObject({ ok: true });
    const { token } = await issued(deployment, tenant);
    expect(await aFunction(deployment).verify(token)).toMatchObject({ tenant });
  },
);

test("a name under which a secret with tokens is left from another time is refused", async () => {
  const tenant = aTenant();
  await deployment.store().create(tenant);
  await deployment.store().change(tenant, () => ({
    tokens: [
      { id: "a", name: "a", sha256: "0".repeat(64), scopes: [], createdAt: "2020-01-01T00:00:00Z" },
    ],
  }));
  expect(await admin({ action: "tenant.create", tenant })).toEqual(refusal("secretInUse"));
});

test("a name whose secret waits to be deleted is refused with the way out", async () => {
  const tenant = aTenant();
  await deployment.store().create(tenant);
  await deployment.core.call("DeleteSecret", { SecretId: `${prefix}${tenant}` });
  expect(await admin({ action: "tenant.create", tenant })).toEqual(
    refusal("secretDeleted", "restore-secret"),
  );
});

test("tenants are listed page by page, each once", async () => {
  const mine = await Promise.all(
    Array.from({ length: 5 }, async () => {
      const tenant = aTenant();
      await carriedOut(deployment, { action: "tenant.create", tenant });
      return tenant;
    }),
  );
  const seen: string[] = [];
  let after: unknown;
  do {
    const page = await carriedOut(deployment, {
      action: "tenant.list",
      limit: 2,
      ...Object(after && { after }),
    });
    const tenants: readonly { tenant: string }[] = Object(page.tenants);
    expect(tenants.length).toBeLessThanOrEqual(2);
    seen.push(...tenants.map(({ tenant }) => tenant));
    after = page.next;
  } while (after !== undefined);
  expect(seen).toEqual(expect.arrayContaining(mine));
  expect(new Set(seen).size).toBe(seen.length);
});

test("a token is shown once, with how to use it; neither the list nor the secret holds it", async () => {
  const tenant = aTenant();
  await carriedOut(deployment, { action: "tenant.create", tenant });
  const answer = await carriedOut(deployment, {
    action: "token.issue",
    tenant,
    name: "Entra",
    scopes: ["users:read", "users:write"],
    expiresInDays: 90,
  });
  const shown = {
    name: "Entra",
    state: "active",
    scopes: ["users:read", "users:write"],
    createdAt: new Date(deployment.clock.now()).toISOString(),
    expiresAt: new Date(deployment.clock.now() + 90 * dayMs).toISOString(),
  };
  expect(answer).toMatchObject({
    ...shown,
    token: expect.stringMatching(/^rc_/),
    use: expect.stringContaining("Secret Token"),
  });
  expect(await tokensOf(tenant)).toEqual([
    {
      tokenId: answer.tokenId,
      ...shown,
      lastUsedAt: "never",
      advice: "Never used since it was issued just now.",
    },
  ]);
  const kept = await deployment.core.call("GetSecretValue", { SecretId: `${prefix}${tenant}` });
  expect(JSON.stringify(kept)).not.toContain(String(answer.token).slice(-49, -6));
});

test("a token may have an end given as a time in any zone", async () => {
  const expiresAt = "2027-06-30T02:00:00+02:00";
  const { tenant } = await aTenantWithToken(deployment, { expiresAt });
  expect(await tokensOf(tenant)).toMatchObject([{ expiresAt: "2027-06-30T00:00:00.000Z" }]);
});

test("5 racing issues all give a token that works, and leave no label behind", async () => {
  const { tenant } = await aTenantWithToken(deployment);
  const tokens = await Promise.all(Array.from({ length: 5 }, () => issued(deployment, tenant)));
  const { verify } = aFunction(deployment);
  for (const { token, tokenId } of tokens)
    expect(await verify(token)).toMatchObject({ tenant, credential: { id: tokenId } });
  expect(await deployment.labels(tenant)).toEqual([]);
});

test("5 racing rotations of different tokens all succeed", async () => {
  const { tenant } = await aTenantWithToken(deployment);
  const old = await Promise.all(Array.from({ length: 5 }, () => issued(deployment, tenant)));
  const rotated = await Promise.all(
    old.map(({ tokenId }) =>
      carriedOut(deployment, { action: "token.rotate", tenant, tokenId, overlapHours: 0 }),
    ),
  );
  const { verify } = aFunction(deployment);
  for (const { token } of old) expect(await verify(token)).toBeUndefined();
  for (const { token } of rotated) expect(await verify(String(token))).toBeDefined();
  expect(await deployment.labels(tenant)).toEqual([]);
});

test("of racing rotations of one token without overlap one succeeds, and the others say why not", async () => {
  const { tenant, tokenId } = await aTenantWithToken(deployment);
  const answers = await Promise.all(
    Array.from({ length: 5 }, () =>
      admin({ action: "token.rotate", tenant, tokenId, overlapHours: 0 }),
    ),
  );
  expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
  expect(answers.filter(({ ok }) => !ok)).toEqual(
    Array.from({ length: 4 }, () => refusal("tokenNotActive", "Issue a new one")),
  );
});

test("a rotated token keeps working for its overlap, and no longer", async () => {
  const { tenant, token, tokenId } = await aTenantWithToken(deployment, {
    name: "Entra",
    scopes: ["users:read"],
    expiresInDays: 90,
  });
  deployment.clock.pass(80 * dayMs);
  const answer = await carriedOut(deployment, {
    action: "token.rotate",
    tenant,
    tokenId,
    overlapHours: 24,
  });
  const now = deployment.clock.now();
  expect(answer).toMatchObject({
    name: "Entra",
    scopes: ["users:read"],
    expiresAt: new Date(now + 90 * dayMs).toISOString(),
    replaces: { tokenId, state: "active", expiresAt: new Date(now + dayMs).toISOString() },
  });

  const { verify } = aFunction(deployment);
  deployment.clock.pass(dayMs - 1);
  expect(await verify(token)).toBeDefined();
  expect(await verify(String(answer.token))).toBeDefined();
  deployment.clock.pass(1);
  expect(await verify(token)).toBeUndefined();
  expect(await verify(String(answer.token))).toBeDefined();
});

test("an overlap does not lengthen a token's life", async () => {
  const { tenant, tokenId } = await aTenantWithToken(deployment, { expiresInDays: 1 });
  const [before] = await tokensOf(tenant);
  const rotate = { action: "token.rotate", tenant, tokenId, overlapHours: 24 * 7 };
  await carriedOut(deployment, rotate);
  expect((await tokensOf(tenant))[0]).toMatchObject({ expiresAt: before?.expiresAt });
});

test("revoking ends a token, once", async () => {
  const { tenant, token, tokenId } = await aTenantWithToken(deployment);
  const revoke = { action: "token.revoke", tenant, tokenId };
  expect(await admin(revoke)).toMatchObject({ ok: true, tokenId, state: "revoked" });
  expect(await aFunction(deployment).verify(token)).toBeUndefined();

  deployment.clock.pass(1000);
  expect(await admin(revoke)).toEqual(refusal("tokenNotActive", "was revoked at"));
  const rotate = { ...revoke, action: "token.rotate", overlapHours: 0 };
  expect(await admin(rotate)).toEqual(refusal("tokenNotActive", "is revoked"));
  expect(await tokensOf(tenant)).toMatchObject([{ tokenId, state: "revoked" }]);
});

test("what there is none of is refused with the way to find what there is", async () => {
  const { tenant } = await aTenantWithToken(deployment);
  const nobody = aTenant();
  for (const message of [
    { action: "token.issue" },
    { action: "token.list" },
    { action: "token.revoke", tokenId: "a" },
    { action: "token.rotate", tokenId: "a", overlapHours: 1 },
  ])
    expect(await admin({ ...message, tenant: nobody })).toEqual(
      refusal("unknownTenant", "tenant.create"),
    );
  for (const message of [
    { action: "token.revoke", tokenId: "a" },
    { action: "token.rotate", tokenId: "a", overlapHours: 1 },
  ])
    expect(await admin({ ...message, tenant })).toEqual(refusal("unknownToken", "token.list"));
});

test("a tenant has at most 50 active tokens, and one that is revoked makes room", async () => {
  const { tenant, tokenId } = await aTenantWithToken(deployment);
  await deployment.store().change(tenant, ({ tokens }) => ({
    tokens: [
      ...tokens,
      ...Array.from({ length: 49 }, (_, n) => ({
        id: `t${n}`,
        name: "€".repeat(64),
        sha256: "0".repeat(64),
        scopes: ["users:read"],
        createdAt: "2026-01-01T00:00:00.000Z",
      })),
    ],
  }));
  expect(await admin({ action: "token.issue", tenant })).toEqual(
    refusal("tooManyTokens", "Revoke"),
  );
  await carriedOut(deployment, { action: "token.revoke", tenant, tokenId });
  await issued(deployment, tenant);
});

test("tokens that ended 90 days ago are forgotten at the next issue", async () => {
  const { tenant, tokenId } = await aTenantWithToken(deployment);
  const short = await issued(deployment, tenant, { expiresInDays: 1 });
  await carriedOut(deployment, { action: "token.revoke", tenant, tokenId });
  deployment.clock.pass(90 * dayMs + 1);
  const fresh = await issued(deployment, tenant);
  const ids = (await tokensOf(tenant)).map((token) => token.tokenId);
  expect(ids).toEqual([short.tokenId, fresh.tokenId]);
});

const messages: readonly (readonly [unknown, string])[] = [
  [undefined, "The message is missing"],
  ["tenant.list", "type object"],
  [{}, "action must be one of tenant.create, tenant.list, "],
  [{ action: "tenant.destroy" }, "action must be one of"],
  [{ action: "tenant.create" }, "tenant is missing"],
  [{ action: "tenant.create", tenant: 7 }, "tenant must be of type string"],
  [{ action: "tenant.create", tenant: "Acme Corp" }, "tenant must be 1 to 63 characters of a-z"],
  [{ action: "tenant.create", tenant: "a#b" }, "tenant must be 1 to 63 characters of a-z"],
  [{ action: "tenant.create", tenant: "a", settings: { seats: 1 } }, 'settings has "seats"'],
  [
    { action: "tenant.create", tenant: "a", settings: { unknownMembers: "x" } },
    "settings.unknownMembers must be one of refuse, ignore",
  ],
  [{ action: "tenant.list", limit: 0 }, "limit must be at least 1"],
  [{ action: "tenant.list", limit: 1.5 }, "limit must be a whole number"],
  [{ action: "token.issue", tenant: "a", nmae: "x" }, '"nmae"'],
  [{ action: "token.issue", tenant: "a", name: "" }, "name must be 1 to 64 characters"],
  [{ action: "token.issue", tenant: "a", name: "a\nb" }, "name must be 1 to 64 characters"],
  [{ action: "token.issue", tenant: "a", scopes: ["all"] }, "scopes.0 must be one of users:read"],
  [{ action: "token.issue", tenant: "a", scopes: [] }, "scopes must be at least 1"],
  [{ action: "token.issue", tenant: "a", expiresAt: "soon" }, "expiresAt must be a time such as"],
  [{ action: "token.issue", tenant: "a", expiresAt: "2020-01-01T00:00:00Z" }, "in the past"],
  [
    { action: "token.issue", tenant: "a", expiresAt: "2030-01-01T00:00:00Z", expiresInDays: 1 },
    "not both",
  ],
  [{ action: "token.rotate", tenant: "a", tokenId: "a" }, "overlapHours is missing"],
  [
    { action: "token.rotate", tenant: "a", tokenId: "a", overlapHours: -1 },
    "overlapHours must be at least 0",
  ],
];

test.each(messages)("%j is refused: %s", async (message, text) => {
  expect(await admin(message)).toEqual(refusal("invalidMessage", text));
});

test("a message with more faults than an answer takes is refused with some of them", async () => {
  const many = Array.from({ length: 200_000 }, (_, at) => [`attribute${at}`, 7]);
  for (const message of [
    { action: "user.import", tenant: "a", key: "userName", rows: [Object.fromEntries(many)] },
    { action: "tenant.show", tenant: "a", ...Object.fromEntries(many) },
    { action: "token.issue", tenant: "a", scopes: many },
  ]) {
    const answer = await admin(message);
    expect(answer).toEqual(refusal("invalidMessage"));
    expect(JSON.stringify(answer).length).toBeLessThan(20_000);
  }
});

test("a store that fails is no refusal: it is thrown", async () => {
  const { tenant } = await aTenantWithToken(deployment);
  const broken = deployment.admin({
    ...deployment.store(),
    create: () => Promise.reject(new Error("out of order")),
  });
  await expect(broken({ action: "token.issue", tenant })).rejects.toThrow("out of order");
});
