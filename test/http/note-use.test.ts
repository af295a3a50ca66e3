import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { userUrn } from "../../lambdas/scim/urns.ts";
import { aService, type Service } from "../support/service.ts";
import { itemsOf } from "../support/store.ts";

let service: Service;
beforeAll(async () => {
  service = await aService();
});
afterAll(() => service.stop());

const useOf = async (tenant: string, tokenId: string) =>
  (await service.deployment.uses.list(tenant)).get(tokenId);
const now = () => new Date(service.deployment.clock.now()).toISOString();
const nobody = "01890000-0000-7000-8000-000000000000";

test("a request says when its token was used and that it succeeded", async () => {
  const { tenant, token, tokenId } = await service.tenant();
  await service.send("GET /Users", { token });
  expect(await useOf(tenant, tokenId)).toEqual({ usedAt: now(), succeededAt: now() });
});

test("a refusal says what went wrong, where, and in which request, but not whose name it was", async () => {
  const { tenant, token, tokenId } = await service.tenant();
  const body = { schemas: [userUrn], userName: 'ada"lovelace"@example.com' };
  await service.send("POST /Users", { token, body });
  const refused = await service.send("POST /Users", { token, body });
  expect(refused).toMatchObject({ status: 409, body: { detail: expect.stringContaining("ada") } });
  const use = await useOf(tenant, tokenId);
  expect(use).toMatchObject({
    failedAt: now(),
    failure: {
      status: 409,
      detail: 'Another resource has userName "…"; send another.',
      route: "POST /scim/v2/Users",
      requestId: "request-1",
    },
  });
});

test("a scope that lacks and a member that is unknown are named", async () => {
  const reading = await service.tenant(["users:read"]);
  const body = { schemas: [userUrn], userName: "x" };
  await service.send("POST /Users", { token: reading.token, body });
  expect(await useOf(reading.tenant, reading.tokenId)).toMatchObject({
    failure: { status: 403, detail: expect.stringContaining('"users:write"') },
  });
  const { tenant, token, tokenId } = await service.tenant();
  const members = [{ value: nobody }];
  await service.send("POST /Groups", { token, body: { displayName: "g", members } });
  expect(await useOf(tenant, tokenId)).toMatchObject({
    failure: { status: 400, detail: expect.stringContaining(nobody) },
  });
});

test("a look for a user that is not there is a use, and no failure", async () => {
  const { tenant, token, tokenId } = await service.tenant();
  expect(await service.send("GET /Users/{id}", { token }, nobody)).toMatchObject({ status: 404 });
  expect(await useOf(tenant, tokenId)).toEqual({ usedAt: now() });
});

test("a token that is refused leaves nothing, of its own tenant and of any other", async () => {
  const { tenant, token, tokenId } = await service.tenant();
  await service.deployment.admin()({ action: "token.revoke", tenant, tokenId });
  expect((await service.send("GET /Users", { token })).status).toBe(401);
  expect(await itemsOf(tenant)).toEqual([]);
});
