import { once } from "node:events";
import { createServer } from "node:http";
import { DeleteSecretCommand, PutSecretValueCommand } from "@aws-sdk/client-secrets-manager";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { secretsManagerReader } from "../../lambdas/auth/secrets-manager.ts";
import type { Lease, TenantSecret, TenantSecretStore } from "../../lambdas/auth/tenant-secret.ts";
import { hashToken } from "../../lambdas/auth/token.ts";
import { aDeployment, aTenant, type Deployment, prefix } from "../support/deployment.ts";
import { withFault } from "../support/failing-client.ts";

let deployment: Deployment;
beforeAll(async () => {
  deployment = await aDeployment();
});
afterAll(() => deployment.stop());

/** Nobody waits for anybody: only the compare-and-set is left. */
const noLease: Lease = { hold: (_, work) => work() };

/** Adds a token, unless that was done already. */
const adding = (id: string) => (before: TenantSecret) =>
  before.tokens.some((token) => token.id === id)
    ? before
    : {
        tokens: [
          ...before.tokens,
          {
            id,
            name: id,
            sha256: hashToken(id),
            scopes: [],
            createdAt: "2026-06-01T00:00:00.000Z",
          },
        ],
      };

async function aSecret(): Promise<string> {
  const tenant = aTenant();
  await deployment.store().create(tenant);
  return tenant;
}

const idsOf = async (tenant: string) =>
  (await deployment.reader.read(tenant))?.tokens.map(({ id }) => id).toSorted();

const race = (tenant: string, store: () => TenantSecretStore) =>
  Promise.all(["a", "b", "c", "d", "e"].map((id) => store().change(tenant, adding(id))));

test("of 5 racing changes none is lost, and no label is left behind", async () => {
  const tenant = await aSecret();
  await race(tenant, () => deployment.store());
  expect(await idsOf(tenant)).toEqual(["a", "b", "c", "d", "e"]);
  expect(await deployment.labels(tenant)).toEqual([]);
});

test("none is lost either where the lease does not keep them apart", async () => {
  const tenant = await aSecret();
  await race(tenant, () => deployment.store(deployment.client(), noLease));
  expect(await idsOf(tenant)).toEqual(["a", "b", "c", "d", "e"]);
  expect(await deployment.labels(tenant)).toEqual([]);
});

test("a change that changes nothing makes no version", async () => {
  const tenant = await aSecret();
  const store = deployment.store();
  await store.change(tenant, adding("a"));
  const versions = () =>
    deployment.core.call("ListSecretVersionIds", {
      SecretId: `${prefix}${tenant}`,
      IncludeDeprecated: true,
    });
  const before = await versions();
  await store.change(tenant, adding("a"));
  expect(await versions()).toEqual(before);
});

test("a change that throws leaves everything as it was", async () => {
  const tenant = await aSecret();
  const refused = deployment.store().change(tenant, () => {
    throw new Error("no");
  });
  await expect(refused).rejects.toThrow("no");
  expect(await idsOf(tenant)).toEqual([]);
  await deployment.store().change(tenant, adding("a"));
});

/** A change makes 5 calls: read, put, move, take the label off, list. */
const calls = [1, 2, 3, 4, 5];

test.each(calls.flatMap((last) => [[last, "request"] as const, [last, "answer"] as const]))(
  "a writer that dies in call %i (its %s is lost) leaves a whole secret, and the next change succeeds",
  async (last, lost) => {
    const tenant = await aSecret();
    await deployment.store().change(tenant, adding("before"));

    const dying = withFault(deployment.client({ maxAttempts: 1 }), (call) => {
      if (call > last) return "request";
      return call === last ? lost : undefined;
    });
    const outcome = await deployment
      .store(dying, noLease)
      .change(tenant, adding("cut-off"))
      .then(
        () => "done",
        () => "failed",
      );

    const left = (await idsOf(tenant)) ?? [];
    expect(left).toEqual(
      expect.arrayContaining(outcome === "done" ? ["before", "cut-off"] : ["before"]),
    );
    deployment.clock.pass(61_000);
    await deployment.store().change(tenant, adding("after"));
    expect(await idsOf(tenant)).toEqual([...left, "after"].toSorted());
    expect(await deployment.labels(tenant)).toEqual([]);
  },
);

test.each(calls)(
  "a change whose answer to call %i is lost succeeds, as one change",
  async (lost) => {
    const tenant = await aSecret();
    const lossy = withFault(deployment.client(), (call) => (call === lost ? "answer" : undefined));
    await deployment.store(lossy).change(tenant, adding("a"));
    expect(await idsOf(tenant)).toEqual(["a"]);
    expect(await deployment.labels(tenant)).toEqual([]);
  },
);

test("changes that race while answers get lost are all made, once each", async () => {
  const tenant = await aSecret();
  const lossy = () =>
    withFault(deployment.client(), (call) => (call % 4 === 3 ? "answer" : undefined));
  await race(tenant, () => deployment.store(lossy(), noLease));
  expect(await idsOf(tenant)).toEqual(["a", "b", "c", "d", "e"]);

  deployment.clock.pass(61_000);
  await deployment.store().change(tenant, adding("f"));
  expect(await deployment.labels(tenant)).toEqual([]);
});

test("a lease whose holder died holds nobody up for longer than it lasts", async () => {
  const tenant = await aSecret();
  await new Promise<void>((isHeld) => {
    void deployment.lease.hold(tenant, () => {
      isHeld();
      return new Promise<never>(() => undefined);
    });
  });
  deployment.clock.pass(10_000);
  const begun = performance.now();
  await deployment.store().change(tenant, adding("a"));
  expect(performance.now() - begun).toBeLessThan(2000);
});

test("creating a secret again gives what is there", async () => {
  const tenant = await aSecret();
  await deployment.store().change(tenant, adding("a"));
  const again = await deployment.store().create(tenant);
  expect(again).toMatchObject({ isNew: false, secret: { tokens: [{ id: "a" }] } });
});

test("a secret that was made without a value gets one", async () => {
  const tenant = aTenant();
  await deployment.core.call("CreateSecret", { Name: `${prefix}${tenant}` });
  expect(await deployment.reader.read(tenant)).toBeUndefined();
  expect(await deployment.store().create(tenant)).toEqual({
    secret: { tokens: [] },
    isNew: true,
  });
  expect(await deployment.labels(tenant)).toEqual([]);
  await deployment.store().change(tenant, adding("a"));
});

test("a secret that waits to be deleted counts as none, and says so to who would change it", async () => {
  const tenant = await aSecret();
  await deployment.client().send(new DeleteSecretCommand({ SecretId: `${prefix}${tenant}` }));
  expect(await deployment.reader.read(tenant)).toBeUndefined();
  const refusal = { name: "TenantSecretError", code: "secretDeleted" };
  await expect(deployment.store().create(tenant)).rejects.toMatchObject(refusal);
  await expect(deployment.store().change(tenant, adding("a"))).rejects.toMatchObject(refusal);
});

test("a secret that there is none of cannot be changed", async () => {
  const changed = deployment.store().change(aTenant(), adding("a"));
  await expect(changed).rejects.toMatchObject({ code: "secretMissing" });
});

test("more than 64 KB is refused, and nothing is changed", async () => {
  const tenant = await aSecret();
  const changed = deployment.store().change(tenant, adding("x".repeat(65_536)));
  await expect(changed).rejects.toMatchObject({ code: "secretTooLarge" });
  expect(await idsOf(tenant)).toEqual([]);
});

test("more changes in a day than Secrets Manager allows are refused in words, and work again later", async () => {
  const tenant = await aSecret();
  const secrets = deployment.client();
  const put = (n: number) =>
    secrets.send(
      new PutSecretValueCommand({
        SecretId: `${prefix}${tenant}`,
        SecretString: '{"tokens":[]}',
        ClientRequestToken: `${n}`.padStart(32, "0"),
      }),
    );
  for (let n = 1; n < 100; n++) await put(n);
  const refused = deployment.store().change(tenant, adding("a"));
  await expect(refused).rejects.toMatchObject({ code: "tooManyChanges" });
  deployment.clock.pass(25 * 60 * 60 * 1000);
  await deployment.store().change(tenant, adding("a"));
});

test("a read that hangs ends by itself", async () => {
  const silent = createServer(() => undefined).listen(0, "127.0.0.1");
  await once(silent, "listening");
  const { port } = Object(silent.address());
  const secrets = deployment.client({ endpoint: `http://127.0.0.1:${port}` });
  await expect(secretsManagerReader({ secrets, prefix }).read("any")).rejects.toThrow(
    /abort|timed? ?out/i,
  );
  silent.closeAllConnections();
  silent.close();
}, 6000);
