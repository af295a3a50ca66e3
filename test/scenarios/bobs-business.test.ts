import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type Entra, enterprise, entra, person } from "../support/entra.ts";
import { type LocalRun, startLocalRun } from "../support/local-run.ts";
import { operatorOf } from "../support/operator.ts";

// A product for security training: organisations that are switched on and off, tokens with
// permissions, accounts that were there before, and a list of the attributes that may be passed.
let run: LocalRun;
let operator: ReturnType<typeof operatorOf>;
let organisation: Entra;
/** The shortest that there is. */
const cacheSeconds = 5;

const passed = ["name", "displayName", "emails", `${enterprise}:department`];

beforeAll(async () => {
  const args = ["-c", "basePath=/api/scim", "-c", `credentialCacheSeconds=${cacheSeconds}`];
  run = await startLocalRun({ args });
  operator = operatorOf(run);
  await operator.do("tenant.create", { tenant: "bobs", settings: { acceptedAttributes: passed } });
  organisation = entra(run.tenantUrl, await operator.token("bobs"));
}, 120_000);
afterAll(async () => {
  operator.end();
  await run.stop();
});

const cacheTime = () => sleep(cacheSeconds * 1000 + 200);

test("an organisation is suspended with a clear reason, listed so, and resumed with all it had", async () => {
  const { body: user } = await organisation.createUser(person("kept@bobs.example"));
  await operator.do("tenant.suspend", { tenant: "bobs", reason: "the trial has ended" });
  await cacheTime();
  expect(await organisation.get(`/Users/${user.id}`)).toMatchObject({
    status: 403,
    body: { status: "403", detail: expect.stringContaining("suspended") },
  });
  const { tenants } = await operator.do("tenant.list");
  expect(tenants).toContainEqual(expect.objectContaining({ tenant: "bobs", state: "suspended" }));
  await operator.do("tenant.resume", { tenant: "bobs" });
  await cacheTime();
  expect(await organisation.get(`/Users/${user.id}`)).toMatchObject({ status: 200 });
});

test("a token has permissions, and a request outside them is refused by name", async () => {
  const reader = entra(
    run.tenantUrl,
    await operator.token("bobs", { scopes: ["users:read", "groups:read"] }),
  );
  expect(await reader.testConnection()).toMatchObject({ status: 200 });
  expect(await reader.createUser(person("not@bobs.example"))).toMatchObject({
    status: 403,
    body: { detail: expect.stringContaining("users:write") },
  });
  expect(await reader.createGroup("Not this")).toMatchObject({
    status: 403,
    body: { detail: expect.stringContaining("groups:write") },
  });
});

test("accounts that were there before are imported, reported on, and linked instead of doubled", async () => {
  const rows = [
    { userName: "old@bobs.example", "name.givenName": "Olga" },
    { userName: "alias@mail.bobs.example", 'emails[type eq "work"].value': "alias@bobs.example" },
  ];
  const imported = await operator.do("user.import", { tenant: "bobs", key: "userName", rows });
  expect(imported.results).toMatchObject([{ outcome: "created" }, { outcome: "created" }]);

  const report = await operator.do("user.match", {
    tenant: "bobs",
    on: "userName",
    rows: [
      { key: "Old@bobs.example" },
      { key: "alias@bobs.example", email: "alias@bobs.example" },
      { key: "new@bobs.example" },
    ],
  });
  expect(report.results).toMatchObject([
    { outcome: "matched" },
    { outcome: "wouldDuplicate" },
    { outcome: "created" },
  ]);

  // Entra's query finds the account, and it links it instead of creating a second.
  const { body } = await organisation.match("userName", "old@bobs.example");
  expect(body).toMatchObject({ totalResults: 1, Resources: [{ name: { givenName: "Olga" } }] });
  const linked = await organisation.patchUser(body.Resources[0].id, {
    op: "Add",
    path: "externalId",
    value: "entra-object-id",
  });
  expect(linked).toMatchObject({ status: 200, body: { externalId: "entra-object-id" } });
});

test("only the attributes on the list are kept; the others are left out, or refused by name", async () => {
  const sent = person("listed@bobs.example", {
    title: "Trainer",
    [enterprise]: { department: "Training", employeeNumber: "7" },
  });
  const { status, body: kept } = await organisation.createUser(sent);
  expect(status).toBe(201);
  expect(kept).toMatchObject({ emails: sent.emails, [enterprise]: { department: "Training" } });
  expect(kept).not.toHaveProperty("title");
  expect(kept[enterprise]).not.toHaveProperty("employeeNumber");
  const title = { op: "Add", path: "title", value: "Trainer" };
  expect(await organisation.patchUser(kept.id, title)).toMatchObject({ status: 200 });

  const strict = { acceptedAttributes: passed, otherAttributes: "refuse" };
  await operator.do("tenant.create", { tenant: "strict", settings: strict });
  const other = entra(run.tenantUrl, await operator.token("strict"));
  expect(await other.createUser(sent)).toMatchObject({
    status: 400,
    body: { detail: expect.stringContaining("title") },
  });
  const { body: user } = await other.createUser(person("listed@bobs.example"));
  expect(await other.patchUser(user.id, title)).toMatchObject({
    status: 400,
    body: { detail: expect.stringContaining("title") },
  });
});

test("the address comes from userPrincipalName or from mail, and to switch keeps the same user", async () => {
  const { body: created } = await organisation.createUser(person("switch@bobs.example"));
  const switched = await organisation.patchUser(created.id, {
    op: "Replace",
    path: 'emails[type eq "work"].value',
    value: "firstname.lastname@bobs.example",
  });
  expect(switched).toMatchObject({
    status: 200,
    body: { id: created.id, emails: [{ type: "work", value: "firstname.lastname@bobs.example" }] },
  });
  const byMail = await organisation.match(
    'emails[type eq "work"].value',
    "Firstname.Lastname@bobs.example",
  );
  expect(byMail.body.Resources).toMatchObject([{ id: created.id }]);
  const renamed = await organisation.patchUser(created.id, {
    op: "Replace",
    path: "userName",
    value: "firstname.lastname@bobs.example",
  });
  expect(renamed).toMatchObject({ status: 200, body: { id: created.id } });
});

test("on demand, a few members of a group are provisioned, whether they are there or not yet", async () => {
  const { body: there } = await organisation.createUser(person("there@bobs.example"));
  const { body: group } = await organisation.createGroup("Course 1");
  const { body: isNew } = await organisation.createUser(person("isnew@bobs.example"));
  expect(await organisation.addMembers(group.id, there.id, isNew.id)).toMatchObject({
    status: 204,
  });
  // Sent again by the next cycle, it changes nothing.
  expect(await organisation.addMembers(group.id, there.id)).toMatchObject({ status: 204 });
  const members = (await organisation.get(`/Groups/${group.id}`)).body.members;
  expect(members).toHaveLength(2);
  for (const { id } of [there, isNew])
    expect(members).toContainEqual(expect.objectContaining({ value: id }));
});

test("a member who is not here is refused by name with all the others, or left out where that is chosen", async () => {
  const { body: there } = await organisation.createUser(person("known@bobs.example"));
  const { body: group } = await organisation.createGroup("Course 2");
  const unknown = randomUUID();
  expect(await organisation.addMembers(group.id, there.id, unknown)).toMatchObject({
    status: 400,
    body: { detail: expect.stringContaining(unknown) },
  });
  expect((await organisation.get(`/Groups/${group.id}`)).body.members ?? []).toEqual([]);

  const settings = { unknownMembers: "ignore" };
  await operator.do("tenant.create", { tenant: "lenient", settings });
  const lenient = entra(run.tenantUrl, await operator.token("lenient"));
  const { body: member } = await lenient.createUser(person("known@bobs.example"));
  const { body: course } = await lenient.createGroup("Course 2");
  expect(await lenient.addMembers(course.id, member.id, unknown)).toMatchObject({ status: 204 });
  expect((await lenient.get(`/Groups/${course.id}`)).body.members).toMatchObject([
    { value: member.id },
  ]);
});

test("the organisation's figures tell of its users and groups, and of its last requests", async () => {
  const { body } = await organisation.match("userName", "switch@bobs.example");
  expect(body.totalResults).toBe(0);
  const { body: all } = await organisation.get("/Users?count=200");
  await organisation.setActive(all.Resources[0].id, "False");
  const figures = await operator.do("tenant.stats", { tenant: "bobs", count: true });
  expect(figures).toMatchObject({
    users: all.totalResults,
    activeUsers: all.totalResults - 1,
    groups: 2,
    memberships: 2,
  });
  for (const time of [figures.lastRequestAt, figures.lastSuccessAt])
    expect(Date.now() - Date.parse(String(time))).toBeLessThan(600_000);
});
