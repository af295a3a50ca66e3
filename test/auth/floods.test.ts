import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { formatToken, hashToken, newTokenId } from "../../lambdas/auth/token.ts";
import {
  aDeployment,
  aFunction,
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

let madeUp = 0;

type Verify = ReturnType<typeof aFunction>["verify"];

/** Sends bad tokens of every kind for half a second; tells how they were answered. */
async function flood(verify: Verify, tenant: string, token: string) {
  const bad = [
    formatToken(tenant, newTokenId(randomBytes), randomBytes),
    formatToken(tenant, token.split("_")[2] ?? "", randomBytes),
    formatToken(`made-up-${madeUp++}`, newTokenId(randomBytes), randomBytes),
    token.slice(0, -1),
    `${token.slice(0, -6)}000000`,
    "rc_",
    "nonsense",
    token.toUpperCase(),
  ];
  const answers = await Promise.all(bad.map((text) => answerTo(verify, text)));
  deployment.clock.pass(500);
  return answers;
}

/** As a client is answered; of what is let in the id. */
const answerTo = (verify: Verify, token: string): Promise<string | number> =>
  verify(token).then(
    (principal) => principal?.credential.id ?? 401,
    (error) => Number(error.status),
  );

const refusals: ReadonlySet<string | number> = new Set([401, 503]);

test("while bad tokens of every kind pour in, a new token works within 5 s and is never answered 401", async () => {
  const { tenant, token } = await aTenantWithToken(deployment);
  const { verify } = aFunction(deployment);
  expect(await verify(token)).toBeDefined();
  for (let round = 0; round < 4; round++) {
    // At some point between two looks.
    for (let step = 0; step < 3 * round; step++) await flood(verify, tenant, token);
    const fresh = await issued(deployment, tenant);
    const issuedAt = deployment.clock.now();
    let answer = await answerTo(verify, fresh.token);
    while (answer === 503) {
      for (const one of await flood(verify, tenant, token)) expect(refusals).toContain(one);
      answer = await answerTo(verify, fresh.token);
    }
    expect(answer).toBe(fresh.tokenId);
    expect(deployment.clock.now() - issuedAt).toBeLessThanOrEqual(5000);
  }
});

test.each([
  ["revoked", { action: "token.revoke" }],
  ["rotated away", { action: "token.rotate", overlapHours: 0 }],
])(
  "while bad tokens of every kind pour in, a token that was %s stops within the cache time, and others go on",
  async (_, command) => {
    const { tenant, token } = await aTenantWithToken(deployment);
    const old = await issued(deployment, tenant);
    const { verify } = aFunction(deployment);
    expect(await verify(old.token)).toBeDefined();
    await carriedOut(deployment, { ...command, tenant, tokenId: old.tokenId });
    for (let step = 0; step < 120; step++) {
      await flood(verify, tenant, token);
      if (step % 20 === 0) expect(await verify(token)).toBeDefined();
    }
    expect(await verify(old.token)).toBeUndefined();
    expect(await verify(token)).toBeDefined();
  },
);

test("a minute's flood of every kind costs Secrets Manager at most 13 calls for the tenant, and none for names that are made up", async () => {
  const { tenant, token } = await aTenantWithToken(deployment);
  const { verify, calls } = aFunction(deployment);
  await verify(token);
  calls.secrets = 0;
  for (let step = 0; step < 120; step++) await flood(verify, tenant, token);
  expect(calls.secrets).toBeGreaterThan(0);
  expect(calls.secrets).toBeLessThanOrEqual(13);
  expect(calls.tenants).toBeLessThanOrEqual(120 + 14);
});

test("a function that starts in a flood of made-up names lets real tenants in by and by, and answers none 401", async () => {
  const real = await Promise.all(Array.from({ length: 5 }, () => aTenantWithToken(deployment)));
  const { verify } = aFunction(deployment);
  const madeUpToken = () =>
    formatToken(`made-up-${madeUp++}`, newTokenId(randomBytes), randomBytes);
  for (let n = 0; n < 400; n++) await answerTo(verify, madeUpToken());

  for (const { token, tokenId } of real) {
    let answer = await answerTo(verify, token);
    for (let second = 0; answer === 503 && second < 5; second++) {
      deployment.clock.pass(1000);
      answer = await answerTo(verify, token);
      for (let n = 0; n < 20; n++) await answerTo(verify, madeUpToken());
    }
    expect(answer).toBe(tokenId);
  }
});

test("meeting hundreds of real tenants for the first time is no flood", async () => {
  const { token, tenant } = await aTenantWithToken(deployment);
  const entry = await deployment.tenants.get(tenant);
  const [record] = (await deployment.reader.read(tenant))?.tokens ?? [];
  const { verify } = aFunction({
    ...deployment,
    tenants: { ...deployment.tenants, get: async () => entry },
    reader: {
      read: async (name) => {
        const own = tokens.get(name);
        return own && record ? { tokens: [{ ...record, sha256: hashToken(own) }] } : undefined;
      },
    },
  });
  const tokens = new Map<string, string>();
  for (let n = 0; n < 1000; n++) {
    const name = `real-${n}`;
    tokens.set(name, formatToken(name, token.split("_")[2] ?? "", randomBytes));
  }
  for (const [name, own] of tokens) expect(await verify(own)).toMatchObject({ tenant: name });
});
