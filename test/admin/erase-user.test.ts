import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { aService, type Service } from "../support/service.ts";
import { doBackgroundWork, itemsOf } from "../support/store.ts";

let service: Service;
beforeAll(async () => {
  service = await aService();
});
afterAll(() => service.stop());

const refused = (code: string, text = "") => ({
  ok: false,
  error: { code, message: expect.stringContaining(text) },
});
const unknownId = "01930000-0000-7000-8000-000000000000";

async function aTenantWith(userName: string) {
  const { tenant, token } = await service.tenant();
  const create = async () => {
    const body = { schemas: ["urn:ietf:params:scim:schemas:core:2.0:User"], userName };
    return String((await service.send("POST /Users", { token, body })).body.id);
  };
  const erase = (whom: object) =>
    service.deployment.admin()({ action: "user.erase", tenant, ...whom });
  const remove = (id: string) => service.send("DELETE /Users/{id}", { token }, id);
  return { tenant, token, id: await create(), create, erase, remove };
}

test.each(["id", "userName"])("a user is erased by its %s, and cannot be restored", async (by) => {
  const { tenant, token, id, erase } = await aTenantWith("ada");
  expect(await erase(by === "id" ? { id } : { userName: "ADA" })).toEqual({
    ok: true,
    tenant,
    id,
    userName: "ada",
    erased: ["user", "lookups", "formerGroups", "bookmarks"],
    completeBy: expect.any(String),
    next: expect.stringContaining("35 days"),
  });
  expect((await service.send("GET /Users/{id}", { token }, id)).status).toBe(404);
  const restore = { action: "user.restore", tenant, id };
  expect(await service.deployment.admin()(restore)).toEqual(refused("unknownUser"));

  expect(await erase({ id })).toMatchObject({ ok: true, id, erased: [] });
  await doBackgroundWork(tenant);
  expect(JSON.stringify(await itemsOf(tenant))).not.toContain(id);
  expect(await erase({ id })).toEqual(refused("unknownUser", "is completed without being sent"));
});

test("of what was refused a token's last failure tells no more who is erased", async () => {
  const { tenant, token, id, erase, remove } = await aTenantWith("ada");
  await remove(id);
  const group = { displayName: "staff", members: [{ value: id }] };
  expect(await service.send("POST /Groups", { token, body: group })).toMatchObject({ status: 400 });
  expect(JSON.stringify(await itemsOf(tenant))).toContain("neither a user nor a group");
  await erase({ id });
  await doBackgroundWork(tenant);
  expect(JSON.stringify(await itemsOf(tenant))).not.toContain(id);
  const { tokens } = Object(await service.deployment.admin()({ action: "token.list", tenant }));
  expect(tokens[0].lastFailure).toMatchObject({ status: 400, detail: "…" });
});

test("where several users had a name nobody is erased until one is named by its id", async () => {
  const { id, erase, create, remove } = await aTenantWith("ada");
  await remove(id);
  const second = await create();
  const answer = await erase({ userName: "ada" });
  expect(answer).toEqual(refused("severalUsers", id));
  expect(answer).toEqual(refused("severalUsers", second));
  expect(await erase({ id })).toMatchObject({ ok: true, userName: "ada" });
  expect(await erase({ userName: "ada" })).toMatchObject({ ok: true, id: second });
});

test("who is not there, or is not said, is refused, and nothing is changed", async () => {
  const { token, id, erase } = await aTenantWith("ada");
  expect(await erase({ id: unknownId })).toEqual(refused("unknownUser"));
  expect(await erase({ userName: "bob" })).toEqual(refused("unknownUser"));
  expect(await erase({})).toEqual(refused("invalidMessage", "either id or userName"));
  expect(await erase({ id, userName: "ada" })).toEqual(refused("invalidMessage", "either"));
  expect(await erase({ id: "x" })).toEqual(refused("invalidMessage", "id of a user"));
  expect(await erase({ id, tenant: "no-such-tenant" })).toEqual(refused("unknownTenant"));
  expect((await service.send("GET /Users/{id}", { token }, id)).status).toBe(200);
});
