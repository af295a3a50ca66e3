import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { groupUrn, userUrn } from "../../lambdas/scim/urns.ts";
import { aFunction, aTenantWithToken, carriedOut, issued } from "../support/deployment.ts";
import { aService, type Service } from "../support/service.ts";
import { itemsOf } from "../support/store.ts";

let service: Service;
beforeAll(async () => {
  service = await aService();
});
afterAll(() => service.stop());

const rotate = (tenant: string, tokenId: string, overlapHours: number) =>
  carriedOut(service.deployment, {
    action: "token.rotate",
    tenant,
    tokenId,
    overlapHours,
    confirm: true,
  });

test("of racing rotations and issues none is lost, and each says whom it replaces", async () => {
  const { deployment } = service;
  const { tenant, token, tokenId } = await aTenantWithToken(deployment);
  const old = [await issued(deployment, tenant), await issued(deployment, tenant)];
  const [first, second, third, fourth, fifth] = await Promise.all([
    rotate(tenant, old[0]?.tokenId ?? "", 0),
    issued(deployment, tenant),
    rotate(tenant, old[1]?.tokenId ?? "", 1),
    issued(deployment, tenant),
    rotate(tenant, tokenId, 1),
  ]);

  const { verify } = aFunction(deployment);
  for (const fresh of [first, second, third, fourth, fifth])
    expect(await verify(String(fresh.token))).toMatchObject({
      credential: { id: fresh.tokenId },
    });
  expect(await verify(token)).toBeDefined();
  expect(await verify(old[0]?.token ?? "")).toBeUndefined();
  expect(await verify(old[1]?.token ?? "")).toBeDefined();
  expect(await deployment.labels(tenant)).toEqual([]);

  const { tokens } = await carriedOut(deployment, { action: "token.list", tenant });
  const replaced = (tokens as { tokenId: string; replaces?: string }[]).map(
    ({ tokenId: id, replaces }) => [id, replaces],
  );
  expect(replaced).toHaveLength(8);
  expect(replaced).toEqual(
    expect.arrayContaining([
      [first.tokenId, old[0]?.tokenId],
      [third.tokenId, old[1]?.tokenId],
      [fifth.tokenId, tokenId],
      [second.tokenId, undefined],
    ]),
  );
});

test("a token that is rotated a second time is replaced by one of its own lifetime, not of the overlap's", async () => {
  const { deployment } = service;
  const { tenant, tokenId } = await aTenantWithToken(deployment);
  await rotate(tenant, tokenId, 72);
  expect(await rotate(tenant, tokenId, 72)).not.toHaveProperty("expiresAt");
  expect(await rotate(tenant, tokenId, 0)).not.toHaveProperty("expiresAt");

  const short = await issued(deployment, tenant, { expiresInDays: 90 });
  const first = await rotate(tenant, short.tokenId, 72);
  expect(await rotate(tenant, short.tokenId, 72)).toMatchObject({ expiresAt: first.expiresAt });
});

test("losing, rotating or revoking a token changes no user, group or membership", async () => {
  const { tenant, token, tokenId } = await service.tenant();
  const post = (route: string, by: string, body: object) =>
    service.send(route, { token: by, body });
  const users: string[] = [];
  for (const userName of ["a", "b", "c"]) {
    const body = { schemas: [userUrn], userName, externalId: `x-${userName}` };
    users.push(String((await post("POST /Users", token, body)).body.id));
  }
  const members = users.map((value) => ({ value }));
  await post("POST /Groups", token, { schemas: [groupUrn], displayName: "g", members });
  const directory = async () =>
    (await itemsOf(tenant))
      .filter(({ pk }) => !/#(TOKENS|LEASES)$/.test(String(pk)))
      .toSorted((one, other) => `${one.pk} ${one.sk}`.localeCompare(`${other.pk} ${other.sk}`));
  const before = await directory();
  // Users, a claim and a lookup each, a group with its name, three members, and counts.
  expect(before.length).toBeGreaterThan(3 * 3 + 2 + 3);

  const rotated = await rotate(tenant, tokenId, 72);
  expect(await directory()).toEqual(before);
  await carriedOut(service.deployment, {
    action: "token.revoke",
    tenant,
    tokenId,
    confirm: true,
  });
  expect(await directory()).toEqual(before);
  const again = await rotate(tenant, String(rotated.tokenId), 0);
  expect(await directory()).toEqual(before);

  // Whoever has the last one finds everything, and the cache time ends the others.
  service.deployment.clock.pass(60_000);
  expect((await service.send("GET /Users", { token })).status).toBe(401);
  expect(await service.send("GET /Users", { token: String(again.token) })).toMatchObject({
    body: { totalResults: 3 },
  });
});
