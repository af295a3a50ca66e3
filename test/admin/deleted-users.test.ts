import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { aService, type Service } from "../support/service.ts";
import { doBackgroundWork } from "../support/store.ts";

let service: Service;
beforeAll(async () => {
  service = await aService();
});
afterAll(() => service.stop());

async function aTenantWithUsers(names: readonly string[], settings: object = {}) {
  const { tenant, token } = await service.tenant(undefined, settings);
  const admin = (message: object) => service.deployment.admin()({ tenant, ...message });
  const ids: string[] = [];
  for (const userName of names) {
    const { body } = await service.send("POST /Users", { token, body: aUserBody(userName) });
    ids.push(String(body.id));
  }
  const remove = (id = "") => service.send("DELETE /Users/{id}", { token }, id);
  return { tenant, token, admin, ids, remove };
}

const aUserBody = (userName: string) => ({
  schemas: ["urn:ietf:params:scim:schemas:core:2.0:User"],
  userName,
  externalId: `external-${userName}`,
  emails: [{ type: "work", value: `${userName}@example.com` }],
});

const aGroupBody = (displayName: string, members: readonly string[]) => ({
  schemas: ["urn:ietf:params:scim:schemas:core:2.0:Group"],
  displayName,
  members: members.map((value) => ({ value })),
});

test.each([
  ["at once", false],
  ["after its memberships have left the table", true],
])("a deleted user is restored %s: same id, same attributes, same groups", async (_, isSwept) => {
  const { tenant, token, admin, ids, remove } = await aTenantWithUsers(["ada", "bob"]);
  const [ada = ""] = ids;
  const group = await service.send("POST /Groups", { token, body: aGroupBody("staff", ids) });
  const read = () => service.send("GET /Users/{id}", { token }, ada);
  const before = await read();

  await remove(ada);
  expect((await read()).status).toBe(404);
  if (isSwept) await doBackgroundWork(tenant);
  expect(await admin({ action: "user.restore", id: ada })).toEqual({
    ok: true,
    tenant,
    id: ada,
    userName: "ada",
  });

  const { meta: _before, ...attributes } = before.body;
  expect((await read()).body).toMatchObject(attributes);
  const shown = await service.send("GET /Groups/{id}", { token }, String(group.body.id));
  const members = (shown.body.members as { value: string }[]).map(({ value }) => value);
  expect(members.toSorted()).toEqual(ids.toSorted());
  for (const filter of [`userName eq "ADA"`, `externalId eq "external-ada"`]) {
    const found = await service.send("GET /Users", { token, query: { filter } });
    expect(found.body.totalResults).toBe(1);
  }
  expect(await admin({ action: "user.listDeleted" })).toMatchObject({ users: [] });
});

test("a client that was shown a group without the user is shown it with the user again", async () => {
  const { token, admin, ids, remove } = await aTenantWithUsers(["ada", "bob"]);
  const group = await service.send("POST /Groups", { token, body: aGroupBody("staff", ids) });
  await remove(ids[0]);
  const read = (headers: Record<string, string> = {}) =>
    service.send("GET /Groups/{id}", { token, headers }, String(group.body.id));
  const without = await read();
  expect(without.body.members).toHaveLength(1);
  await admin({ action: "user.restore", id: ids[0] });
  const again = await read({ "If-None-Match": String(without.headers.ETag) });
  expect(again.status).toBe(200);
  expect(again.body.members).toHaveLength(2);
});

test("those that can be restored are listed, page by page", async () => {
  const { admin, ids, remove } = await aTenantWithUsers(["ada", "bob", "cyd"]);
  for (const id of ids) await remove(id);
  const first = await admin({ action: "user.listDeleted", limit: 2 });
  expect(first).toMatchObject({ ok: true, users: [{ userName: "ada" }, { userName: "bob" }] });
  const { next: after } = first as { next?: string };
  const second = await admin({ action: "user.listDeleted", limit: 2, after });
  expect(second).toMatchObject({ users: [{ id: ids[2], userName: "cyd" }] });
  expect(second).not.toHaveProperty("next", expect.anything());
});

test("a user whose name was taken meanwhile is not restored, and nothing is changed", async () => {
  const { token, admin, ids, remove } = await aTenantWithUsers(["ada"]);
  await remove(ids[0]);
  const other = await service.send("POST /Users", { token, body: aUserBody("Ada") });
  expect(await admin({ action: "user.restore", id: ids[0] })).toMatchObject({
    ok: false,
    error: { code: "valueTaken", message: expect.stringContaining("userName") },
  });
  await remove(String(other.body.id));
  expect(await admin({ action: "user.restore", id: ids[0] })).toMatchObject({ ok: true });
});

test("who is not deleted, or never was, or is kept no longer, is not restored", async () => {
  const { admin, ids, remove } = await aTenantWithUsers(["ada", "bob"], { tombstoneDays: 0 });
  const unknown = "01930000-0000-7000-8000-000000000000";
  const restored = async (id = "") => admin({ action: "user.restore", id });
  expect(await restored(ids[0])).toMatchObject({ error: { code: "notDeleted" } });
  expect(await restored(unknown)).toMatchObject({ error: { code: "unknownUser" } });
  expect(await restored("x")).toMatchObject({ error: { code: "invalidMessage" } });
  await remove(ids[1]);
  expect(await restored(ids[1])).toMatchObject({ error: { code: "unknownUser" } });
  expect(await admin({ action: "user.listDeleted" })).toMatchObject({ users: [] });
});
