import { PutCommand } from "@aws-sdk/lib-dynamodb";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { groupUrn, userUrn } from "../../lambdas/scim/urns.ts";
import { tenantFigures } from "../../lambdas/store/dynamodb/tenant-figures.ts";
import { aTenant, carriedOut, issued } from "../support/deployment.ts";
import { aService, type Service } from "../support/service.ts";
import { testTable } from "../support/store.ts";
import { tableName } from "../support/table.ts";

let service: Service;
beforeAll(async () => {
  service = await aService();
});
afterAll(() => service.stop());

const stats = (tenant: string, wish: object = {}) =>
  carriedOut(service.deployment, { action: "tenant.stats", tenant, ...wish });

const aUser = async (token: string, userName: string, active: unknown = true) => {
  const body = { schemas: [userUrn], userName, active };
  return String((await service.send("POST /Users", { token, body })).body.id);
};

/** A tenant with three users, of whom two are active, in two groups with three memberships. */
async function aDirectory() {
  const made = await service.tenant();
  const { token } = made;
  const [a, b, c] = [
    await aUser(token, "a"),
    await aUser(token, "b", false),
    await aUser(token, "c", undefined),
  ];
  for (const [displayName, ids] of [
    ["g", [a, b]],
    ["h", [c]],
  ] as const) {
    const members = ids.map((value) => ({ value }));
    const body = { schemas: [groupUrn], displayName, members };
    await service.send("POST /Groups", { token, body });
  }
  return made;
}

test("a tenant's users and groups are told exactly, and what must be read for only where it is asked for", async () => {
  const { tenant } = await aDirectory();
  const told = await stats(tenant);
  expect(told).toMatchObject({ ok: true, tenant, state: "active", users: 3, groups: 2 });
  expect(told).not.toHaveProperty("activeUsers");
  expect(told).not.toHaveProperty("memberships");
  expect(await stats(tenant, { count: true })).toMatchObject({ activeUsers: 2, memberships: 3 });
});

test("a tenant with a limit knows its active users without reading them, once they are counted", async () => {
  const { tenant } = await service.tenant();
  const seats = (fields: object) =>
    service.deployment.db.send(
      new PutCommand({
        TableName: tableName,
        Item: { pk: `T#${tenant}#SEATS`, sk: "#", v: 1, limit: 10, active: 7, ...fields },
      }),
    );
  await seats({ isCounting: true });
  expect(await stats(tenant)).not.toHaveProperty("activeUsers");
  await seats({});
  expect(await stats(tenant)).toMatchObject({ seatLimit: 10, activeUsers: 7 });
});

test("counting that takes too long is given up", async () => {
  const { tenant } = await aDirectory();
  const figures = tenantFigures(testTable({ db: service.deployment.db }));
  expect(await figures.countActive(tenant, Date.now() - 1)).toBeUndefined();
  expect(await figures.countMemberships(tenant, Date.now() - 1)).toBeUndefined();
  expect(await figures.countMemberships(tenant, Date.now() + 60_000)).toBe(3);
});

test("the last request, success and failure are those of all tokens, and told for each", async () => {
  const { tenant, token, tokenId } = await service.tenant();
  const { clock } = service.deployment;
  const first = new Date(clock.now()).toISOString();
  await service.send("GET /Users", { token });
  clock.pass(10 * 60_000);
  const second = new Date(clock.now()).toISOString();
  const other = await issued(service.deployment, tenant, { scopes: ["users:read"] });
  await service.send("POST /Users", { token: other.token, body: { userName: "x" } });

  const failure = { at: second, status: 403, route: "POST /scim/v2/Users" };
  expect(await stats(tenant)).toMatchObject({
    lastRequestAt: second,
    lastSuccessAt: first,
    lastFailure: failure,
    tokens: [
      { tokenId, state: "active", lastUsedAt: first, lastSuccessAt: first },
      { tokenId: other.tokenId, lastUsedAt: second, lastFailure: failure },
    ],
  });
});

test("a tenant that nobody has used says so", async () => {
  const tenant = aTenant();
  await carriedOut(service.deployment, { action: "tenant.create", tenant });
  expect(await stats(tenant)).toEqual({
    ok: true,
    tenant,
    state: "active",
    users: 0,
    groups: 0,
    lastRequestAt: "never",
    lastSuccessAt: "never",
    tokens: [],
  });
});

test("a tenant that there is none of is refused", async () => {
  const message = { action: "tenant.stats", tenant: aTenant() };
  expect(await service.deployment.admin()(message)).toMatchObject({
    ok: false,
    error: { code: "unknownTenant" },
  });
});
