import { randomUUID } from "node:crypto";
import { PutCommand } from "@aws-sdk/lib-dynamodb";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { readTenantSettings } from "../../lambdas/auth/tenant-settings.ts";
import { seats } from "../../lambdas/store/dynamodb/seats.ts";
import { tenantStore } from "../../lambdas/store/dynamodb/tenants.ts";
import { aFunction, aTenant, aTenantWithToken } from "../support/deployment.ts";
import { aService, type Service } from "../support/service.ts";
import { countingDb, doBackgroundWork, itemsOf, testTable } from "../support/store.ts";
import { tableName, testDb } from "../support/table.ts";

let service: Service;
beforeAll(async () => {
  service = await aService();
});
afterAll(() => service.stop());

const admin = (message: object) => service.deployment.admin()(message);
const done = async (message: object) => {
  const answer = await admin(message);
  if (!answer.ok) throw new Error(answer.error.message);
  return answer;
};
const refused = (code: string, text = "") => ({
  ok: false,
  error: { code, message: expect.stringContaining(text) },
});
const dayMs = 24 * 60 * 60 * 1000;
const minuteMs = 60_000;
const now = () => new Date(service.deployment.clock.now());
const inDays = (days: number) => new Date(now().getTime() + days * dayMs).toISOString();

/** What a function answers that did not know the tenant before. */
const sent = (token: string) => service.deployment && aFunction(service.deployment).verify(token);

const aUserBody = (userName: string) => ({
  schemas: ["urn:ietf:params:scim:schemas:core:2.0:User"],
  userName,
  active: true,
});
const aGroupBody = (displayName: string) => ({
  schemas: ["urn:ietf:params:scim:schemas:core:2.0:Group"],
  displayName,
});

/** The worker's run at the deployment's own time. */
const aRun = (tenant: string) => doBackgroundWork(tenant, { now }, service.deployment.deleteSecret);

test("a tenant is shown with its settings, which of them were chosen, and how much there is of it", async () => {
  const { tenant, token, tokenId } = await service.tenant(undefined, { tombstoneDays: 7 });
  await done({ action: "token.issue", tenant, expiresInDays: 1 });
  for (const name of ["ada", "bob"])
    await service.send("POST /Users", { token, body: aUserBody(name) });
  await service.send("POST /Groups", { token, body: aGroupBody("staff") });
  await done({ action: "token.revoke", tenant, tokenId, confirm: true });
  const shown = await done({ action: "tenant.show", tenant });
  expect(shown).toEqual({
    ok: true,
    tenant,
    state: "active",
    settings: expect.objectContaining({ tombstoneDays: 7, strictness: "entra" }),
    chosen: { tombstoneDays: 7 },
    createdAt: now().toISOString(),
    users: 2,
    groups: 1,
    tokens: { active: 1, expired: 0, revoked: 1 },
  });
});

test("a setting is changed, the others stay, and the answer says what was what", async () => {
  const { tenant } = await service.tenant(undefined, { strictness: "rfc" });
  const settings = { tombstoneDays: 5, patchAnswers: { users: "noContent" } };
  const answer = await done({ action: "tenant.set", tenant, settings });
  expect(answer).toMatchObject({
    settings: {
      strictness: "rfc",
      tombstoneDays: 5,
      patchAnswers: { users: "noContent", groups: "noContent", resources: "resource" },
    },
    chosen: { strictness: "rfc", ...settings },
    changed: { tombstoneDays: { from: 30, to: 5 }, patchAnswers: expect.anything() },
    inForce: expect.stringContaining("credentialCacheSeconds"),
  });
  expect(await done({ action: "tenant.set", tenant, settings })).toMatchObject({ changed: {} });
});

test("null takes a choice back, of patchAnswers one family's too", async () => {
  const patchAnswers = { users: "noContent", groups: "resource" };
  const { tenant } = await service.tenant(undefined, { tombstoneDays: 5, patchAnswers });
  const set = (settings: object) => done({ action: "tenant.set", tenant, settings });
  expect(await set({ tombstoneDays: null, patchAnswers: { users: null } })).toMatchObject({
    settings: { tombstoneDays: 30, patchAnswers: { users: "resource", groups: "resource" } },
    changed: { tombstoneDays: { from: 5, to: 30 } },
  });
  const { chosen } = await done({ action: "tenant.show", tenant });
  expect(chosen).toEqual({ patchAnswers: { groups: "resource" } });
  expect(await set({ patchAnswers: { groups: null } })).toMatchObject({ chosen: {} });
  expect(await set({ strictness: "rfc" })).toMatchObject({ chosen: { strictness: "rfc" } });
  expect(await set({ patchAnswers: null, strictness: null })).toMatchObject({ chosen: {} });
});

test("of sets that race none is lost", async () => {
  const { tenant } = await service.tenant();
  const wishes = [
    { tombstoneDays: 1 },
    { strictness: "rfc" },
    { unknownMembers: "ignore" },
    { otherAttributes: "refuse" },
    { patchAnswers: { users: "noContent" } },
    { patchAnswers: { groups: "resource" } },
  ];
  await Promise.all(wishes.map((settings) => done({ action: "tenant.set", tenant, settings })));
  expect(await done({ action: "tenant.show", tenant })).toMatchObject({
    chosen: Object.assign({}, ...wishes, {
      patchAnswers: { users: "noContent", groups: "resource" },
    }),
  });
});

test.each([
  [{ stricktness: "rfc" }, 'settings has "stricktness", which it cannot have: there are unique'],
  [{ strictness: "lax" }, "settings.strictness must be one of entra, rfc"],
  [{ tombstoneDays: 366 }, "settings.tombstoneDays must be at most 365"],
  [{ seatLimit: -1 }, "settings.seatLimit must be at least 0"],
  [{ requiredAttributes: ["emial"] }, "emial"],
  [{ patchAnswers: { users: "all" } }, "patchAnswers.users must be one of resource, noContent"],
])("a setting that cannot be is refused and nothing is changed: %j", async (wrong, text) => {
  const { tenant } = await service.tenant();
  const settings = { tombstoneDays: 1, ...wrong };
  const answer = await admin({ action: "tenant.set", tenant, settings });
  expect(answer).toEqual(refused("invalidMessage", text));
  expect((await done({ action: "tenant.show", tenant })).chosen).toEqual({});
  const another = aTenant();
  const created = await admin({ action: "tenant.create", tenant: another, settings });
  expect(created).toEqual(refused("invalidMessage", text));
  expect(await admin({ action: "tenant.show", tenant: another })).toEqual(refused("unknownTenant"));
});

test("a seat limit is set with the tenant, changed and taken away, and shown with what is taken", async () => {
  const { tenant, token } = await service.tenant(undefined, { seatLimit: 3 });
  await service.send("POST /Users", { token, body: aUserBody("ada") });
  const show = () => done({ action: "tenant.show", tenant });
  expect(await show()).toMatchObject({ seats: { limit: 3 }, settings: { seatLimit: 3 } });
  const set = (seatLimit: number | null) =>
    done({ action: "tenant.set", tenant, settings: { seatLimit } });
  expect(await set(5)).toMatchObject({ changed: { seatLimit: { from: 3, to: 5 } } });
  expect(await show()).toMatchObject({ seats: { limit: 5 } });
  expect(await set(null)).toMatchObject({ changed: { seatLimit: { from: 5, to: null } } });
  expect(await show()).not.toHaveProperty("seats");
});

test("a limit that a create left behind when it was cut off does not hold for the next one", async () => {
  const tenant = aTenant();
  await seats(testTable()).setLimit(tenant, 1);
  await done({ action: "tenant.create", tenant });
  expect(await done({ action: "tenant.show", tenant })).not.toHaveProperty("seats");
});

test("of creates that race with limits of their own the winner's is the one that counts", async () => {
  const tenant = aTenant();
  const create = (seatLimit?: number) =>
    admin({ action: "tenant.create", tenant, settings: seatLimit ? { seatLimit } : {} });
  const answers = await Promise.all([create(1), create(2), create(), create(4)]);
  expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
  const { settings, seats: held } = await done({ action: "tenant.show", tenant });
  const limitOf = (of: unknown, name: string) => Object(of)[name] as unknown;
  expect(limitOf(held, "limit")).toBe(limitOf(settings, "seatLimit"));
});

test("of sets that race with limits the one that is shown is the one that counts", async () => {
  for (let attempt = 0; attempt < 5; attempt++) {
    const { tenant } = await service.tenant(undefined, { seatLimit: 5 });
    const set = (seatLimit: number) =>
      done({ action: "tenant.set", tenant, settings: { seatLimit } });
    // Some want what is there already.
    await Promise.all([5, 7, 5, 7, 5].map(set));
    const { settings, seats: held } = await done({ action: "tenant.show", tenant });
    expect(Object(held).limit).toBe(Object(settings).seatLimit);
  }
});

test("a restored tenant has the limit that it had, whatever a set left that came too late", async () => {
  const { tenant } = await service.tenant(undefined, { seatLimit: 5 });
  await seats(testTable()).setLimit(tenant, 7);
  await done({ action: "tenant.delete", tenant });
  await done({ action: "tenant.restore", tenant });
  expect(await done({ action: "tenant.show", tenant })).toMatchObject({
    settings: { seatLimit: 5 },
    seats: { limit: 5 },
  });
});

test("group names become unique: groups that are there hold theirs from then on", async () => {
  const { tenant, token } = await service.tenant(undefined, { uniqueGroupNames: false });
  const send = (name: string) => service.send("POST /Groups", { token, body: aGroupBody(name) });
  const names = Array.from({ length: 105 }, (_, at) => `team ${at}`);
  await Promise.all(names.map(send));
  const set = () => done({ action: "tenant.set", tenant, settings: { uniqueGroupNames: true } });
  expect(await set()).toMatchObject({
    changed: { uniqueGroupNames: { from: false, to: true } },
    next: expect.stringContaining("Send this again in two minutes"),
  });
  // A function that does not know of it yet.
  expect((await send("late")).status).toBe(201);
  service.deployment.clock.pass(minuteMs);
  expect((await send("TEAM 104")).status).toBe(409);
  expect((await send("Late")).status).toBe(201);
  const shared = await admin({
    action: "tenant.set",
    tenant,
    settings: { uniqueGroupNames: true },
  });
  expect(shared).toEqual(refused("sharedGroupNames", `"late"`));
});

test("where groups share a name it is refused, naming them, until one of them has gone", async () => {
  const { tenant, token } = await service.tenant(undefined, { uniqueGroupNames: false });
  const send = (name: string) => service.send("POST /Groups", { token, body: aGroupBody(name) });
  const [one, other] = [await send("staff"), await send("Staff")];
  const set = () =>
    admin({
      action: "tenant.set",
      tenant,
      settings: { uniqueGroupNames: true, strictness: "rfc" },
    });
  for (const { body } of [one, other])
    expect(await set()).toEqual(refused("sharedGroupNames", String(body.id)));
  expect(await done({ action: "tenant.show", tenant })).toMatchObject({
    chosen: { uniqueGroupNames: false },
  });
  // As long as names need not be unique none is held against another.
  expect((await send("staff")).status).toBe(201);
  for (const { id } of (await service.send("GET /Groups", { token })).body.Resources as {
    id: string;
  }[])
    await service.send("DELETE /Groups/{id}", { token }, id);
  expect(await set()).toMatchObject({ ok: true });
  service.deployment.clock.pass(minuteMs);
  expect((await send("staff")).status).toBe(201);
  expect((await send("staff")).status).toBe(409);
});

test("a suspended tenant's clients are told so and why, and let in again when it is resumed", async () => {
  const { tenant, token } = await service.tenant();
  const reason = "The invoice of May is open";
  const suspend = (wish: object = {}) => done({ action: "tenant.suspend", tenant, ...wish });
  const first = await suspend({ reason });
  expect(first).toMatchObject({
    state: "suspended",
    suspension: { at: now().toISOString(), reason },
  });
  service.deployment.clock.pass(minuteMs);
  // Sent again it changes nothing, but for another reason.
  expect(await suspend()).toMatchObject({ suspension: first.suspension });
  expect(await suspend({ reason: "Ask us" })).toMatchObject({
    suspension: { ...Object(first.suspension), reason: "Ask us" },
  });
  const answer = await service.send("GET /Users", { token });
  expect(answer.status).toBe(403);
  expect(answer.body.detail).toContain("is suspended: Ask us.");

  for (let time = 0; time < 2; time++)
    expect(await done({ action: "tenant.resume", tenant })).toMatchObject({ state: "active" });
  expect(await done({ action: "tenant.show", tenant })).not.toHaveProperty("suspension");
  service.deployment.clock.pass(minuteMs);
  expect((await service.send("GET /Users", { token })).status).toBe(200);
});

test("a deleted tenant's clients are told until when it can be restored, and find all as it was", async () => {
  const { tenant, token } = await service.tenant();
  const user = await service.send("POST /Users", { token, body: aUserBody("ada") });
  const deleted = await done({ action: "tenant.delete", tenant });
  const deletion = { at: now().toISOString(), eraseAfter: inDays(30) };
  expect(deleted).toMatchObject({ state: "deleted", deletion });
  service.deployment.clock.pass(dayMs);
  expect(await done({ action: "tenant.delete", tenant })).toMatchObject({ deletion });
  await aRun(tenant);
  const answer = await service.send("GET /Users", { token });
  expect(answer.status).toBe(403);
  expect(answer.body.detail).toContain(`Until ${deletion.eraseAfter}`);
  for (const action of ["tenant.resume", "tenant.suspend", "tenant.create", "token.issue"])
    expect(await admin({ action, tenant })).toEqual(refused("tenantDeleted", "tenant.restore"));
  const settings = { tombstoneDays: 1 };
  expect(await admin({ action: "tenant.set", tenant, settings })).toEqual(refused("tenantDeleted"));

  for (let time = 0; time < 2; time++)
    expect(await done({ action: "tenant.restore", tenant })).toMatchObject({ state: "active" });
  service.deployment.clock.pass(60 * dayMs);
  await aRun(tenant);
  const found = await service.send("GET /Users/{id}", { token }, String(user.body.id));
  expect(found.status).toBe(200);
});

test("a tenant that was suspended when it was deleted is suspended when it is restored", async () => {
  const { tenant } = await service.tenant();
  const { suspension } = await done({ action: "tenant.suspend", tenant, reason: "Unpaid" });
  await done({ action: "tenant.delete", tenant });
  expect(await done({ action: "tenant.restore", tenant })).toMatchObject({
    state: "suspended",
    suspension,
  });
});

test("to delete again with other days moves the time, and none is so early that a request may be under way", async () => {
  const { tenant } = await service.tenant();
  await done({ action: "tenant.delete", tenant });
  const inHours = new Date(now().getTime() + 65 * minuteMs).toISOString();
  expect(await done({ action: "tenant.delete", tenant, keepDays: 0 })).toMatchObject({
    deletion: { at: now().toISOString(), eraseAfter: inHours },
  });
  expect(await done({ action: "tenant.delete", tenant, keepDays: 2 })).toMatchObject({
    deletion: { eraseAfter: inDays(2) },
  });
  expect(await admin({ action: "tenant.delete", tenant, keepDays: 31 })).toEqual(
    refused("invalidMessage", "keepDays must be at most 30"),
  );
});

test("an erased tenant has nothing but its name, which nobody gets again, and its tokens are none", async () => {
  const { tenant, token } = await service.tenant();
  await service.send("POST /Users", { token, body: aUserBody("ada") });
  const running = aFunction(service.deployment);
  await running.verify(token);
  await done({ action: "tenant.delete", tenant, keepDays: 0 });
  service.deployment.clock.pass(66 * minuteMs);
  await aRun(tenant);
  expect(await admin({ action: "tenant.restore", tenant })).toEqual(
    refused("tenantErased", "is being erased"),
  );
  expect(await sent(token)).toBeUndefined();
  service.deployment.clock.pass(3 * minuteMs);
  expect((await aRun(tenant)).failures).toEqual([]);

  expect(await itemsOf(tenant)).toEqual([]);
  expect(await service.deployment.reader.read(tenant)).toBeUndefined();
  expect(await done({ action: "tenant.show", tenant })).toEqual({
    ok: true,
    tenant,
    state: "erased",
    createdAt: expect.any(String),
    deletion: expect.anything(),
    erasure: { begunAt: expect.any(String), erasedAt: now().toISOString() },
  });
  expect(await admin({ action: "tenant.create", tenant })).toEqual(
    refused("tenantErased", "never used again"),
  );
  for (const message of [
    { action: "tenant.stats" },
    { action: "token.issue" },
    { action: "token.list" },
    { action: "token.revoke", tokenId: "a" },
    { action: "user.list" },
    { action: "user.columns", key: "userName", columns: ["userName"] },
    { action: "user.listDeleted" },
    { action: "user.match", on: "userName", rows: [{ key: "ada" }] },
    ...["user.restore", "user.erase"].map((action) => ({ action, id: randomUUID() })),
  ])
    expect(await admin({ ...message, tenant })).toEqual(refused("tenantErased"));
  expect(await service.deployment.reader.read(tenant)).toBeUndefined();
  for (const verify of [sent, running.verify]) expect(await verify(token)).toBeUndefined();
  expect((await service.send("GET /Users", { token })).status).toBe(401);
});

/** Tenants in the hand of a client that sends its first write again, since the answer was lost. */
function withLostAnswer() {
  const db = testDb();
  let isLost = false;
  db.middlewareStack.add(
    (next, context) => async (args) => {
      if (context.commandName === "PutItemCommand" && !isLost) {
        isLost = true;
        await next(args);
      }
      return next(args);
    },
    { step: "build", name: "lostAnswer" },
  );
  return tenantStore(db, tableName, readTenantSettings);
}

test.each([
  ["create", []],
  ["set", ["create"]],
  ["suspend", ["create"]],
  ["resume", ["create", "suspend"]],
  ["delete", ["create"]],
  ["restore", ["create", "delete"]],
])("tenant.%s says what it did although the table's answer was lost", async (name, before) => {
  const tenant = aTenant();
  for (const one of before) await done({ action: `tenant.${one}`, tenant });
  const settings = name === "set" ? { settings: { seatLimit: 3 } } : {};
  const send = service.deployment.admin(undefined, { tenants: withLostAnswer() });
  expect(await send({ action: `tenant.${name}`, tenant, ...settings })).toMatchObject({ ok: true });
});

test("the list shows states, and erased tenants only to who asks for them", async () => {
  const created = [aTenant(), aTenant(), aTenant()];
  for (const tenant of created) await done({ action: "tenant.create", tenant });
  const [active, suspended, erased] = created;
  await done({ action: "tenant.suspend", tenant: suspended });
  await done({ action: "tenant.delete", tenant: erased, keepDays: 0 });
  for (let run = 0; run < 2; run++) {
    service.deployment.clock.pass(66 * minuteMs);
    await aRun(String(erased));
  }
  const all = async (wish: object) => {
    const states = new Map<unknown, unknown>();
    let after: unknown;
    do {
      const page = await done({
        action: "tenant.list",
        limit: 2,
        ...wish,
        ...Object(after && { after }),
      });
      for (const { tenant, state } of page.tenants as { tenant: string; state: string }[])
        states.set(tenant, state);
      after = page.next;
    } while (after);
    return created.map((tenant) => states.get(tenant));
  };
  expect(active).toBeDefined();
  expect(await all({})).toEqual(["active", "suspended", undefined]);
  expect(await all({ erased: true })).toEqual(["active", "suspended", "erased"]);
});

test("a page takes a few reads however many erased tenants lie between those that it shows", async () => {
  const prefix = aTenant();
  const name = (at: number) => `${prefix}-${String(at).padStart(3, "0")}`;
  const { db, calls } = countingDb();
  const put = (at: number, state: string) => {
    const key = { pk: "TENANTS", sk: `TENANT#${name(at)}` };
    const Item = { ...key, v: 1, state, createdAt: "2026-01-01T00:00:00.000Z" };
    return db.send(new PutCommand({ TableName: tableName, Item }));
  };
  await Promise.all(
    Array.from({ length: 100 }, (_, at) => put(at, at % 99 === 0 ? "active" : "erased")),
  );
  const { list } = tenantStore(db, tableName, readTenantSettings);
  const before = calls.length;
  const first = await list({ limit: 1, after: prefix });
  const second = await list({ limit: 1, after: first.next });
  expect([first, second].map(({ tenants }) => tenants.map(({ tenant }) => tenant))).toEqual([
    [name(0)],
    [name(99)],
  ]);
  // Other tests' tenants lie behind these.
  expect(calls.length - before).toBeLessThanOrEqual(4);
});

test("commands of a tenant that never was are refused with what to do", async () => {
  const tenant = aTenant();
  for (const action of ["show", "suspend", "resume", "delete", "restore"])
    expect(await admin({ action: `tenant.${action}`, tenant })).toEqual(
      refused("unknownTenant", "tenant.create"),
    );
  const set = { action: "tenant.set", tenant, settings: { tombstoneDays: 1 } };
  expect(await admin(set)).toEqual(refused("unknownTenant"));
  await aTenantWithToken(service.deployment);
});
