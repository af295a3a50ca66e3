import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type Entra, enterprise, entra, person } from "../support/entra.ts";
import { type LocalRun, startLocalRun } from "../support/local-run.ts";
import { operatorOf } from "../support/operator.ts";

// A product for booking desks and rooms: one URL for all, an organisation's token, departments, roles.
let run: LocalRun;
let operator: ReturnType<typeof operatorOf>;
let organisation: Entra;
let token = "";

beforeAll(async () => {
  run = await startLocalRun({ args: ["-c", "basePath=/v1.0/scim-2"] });
  operator = operatorOf(run);
  await operator.do("tenant.create", { tenant: "contoso" });
  token = await operator.token("contoso");
  organisation = entra(run.tenantUrl, token);
}, 120_000);
afterAll(async () => {
  operator.end();
  await run.stop();
});

test("the organisation token is shown once, and afterwards nobody can see it", async () => {
  const listed = await operator.do("token.list", { tenant: "contoso" });
  expect(listed.tokens).toMatchObject([{ name: "Entra", state: "active" }]);
  expect(JSON.stringify(listed)).not.toContain(token);
});

test("every customer has the same Tenant URL, and its token leads to its own people alone", async () => {
  expect(run.tenantUrl).toMatch(/\/v1\.0\/scim-2$/);
  await operator.do("tenant.create", { tenant: "fabrikam" });
  const other = entra(run.tenantUrl, await operator.token("fabrikam"));
  const { body: user } = await organisation.createUser(person("alone@contoso.example"));
  expect((await other.match("userName", "alone@contoso.example")).body).toMatchObject({
    totalResults: 0,
  });
  expect(await other.get(`/Users/${user.id}`)).toMatchObject({ status: 404 });
});

test("Test Connection succeeds with the token, and with no other", async () => {
  const { status, body } = await organisation.testConnection();
  expect({ status, body }).toMatchObject({ status: 200, body: { totalResults: 0 } });
  for (const wrong of [`${token.slice(0, -1)}x`, "", token.replace("contoso", "fabrikam")])
    expect(await entra(run.tenantUrl, wrong).testConnection()).toMatchObject({
      status: 401,
      body: { status: "401", detail: expect.stringContaining("Secret Token") },
    });
});

test.each([
  ["with the department that the non-gallery application maps", { department: "Facilities" }],
  ["without it, as the gallery application sends them", undefined],
])("people arrive %s, and are updated", async (_, extension) => {
  const upn = `${extension ? "with" : "without"}@contoso.example`;
  const sent = person(upn, extension ? { [enterprise]: extension } : {});
  const { status, body: created } = await organisation.createUser(sent);
  // Provisioning on demand shows the answer to the administrator: it is what was stored.
  expect({ status, body: created }).toMatchObject({ status: 201, body: sent });

  const path = `${enterprise}:department`;
  const changed = await organisation.patchUser(created.id, { op: "Add", path, value: "Workplace" });
  expect(changed).toMatchObject({
    status: 200,
    body: { id: created.id, [enterprise]: { department: "Workplace" } },
  });
});

test("people are found by whichever attribute is chosen for matching", async () => {
  const sent = person("finder@contoso.example", {
    mail: "find.me@contoso.example",
    title: "Office manager",
    nickName: "Finn",
    name: { givenName: "Fiona", familyName: "Inder" },
    phoneNumbers: [{ type: "mobile", value: "+31 6 1" }],
    [enterprise]: { employeeNumber: "F-17" },
  });
  const { body: created } = await organisation.createUser(sent);
  for (const [attribute, value] of [
    ["userName", "FINDER@contoso.example"],
    ["externalId", sent.externalId],
    ['emails[type eq "work"].value', "Find.Me@contoso.example"],
    ["emails.value", "find.me@contoso.example"],
    ["name.familyName", "inder"],
    ["title", "Office manager"],
    ["nickName", "finn"],
    ['phoneNumbers[type eq "mobile"].value', "+31 6 1"],
    [`${enterprise}:employeeNumber`, "F-17"],
    ["id", created.id],
  ] as const)
    expect((await organisation.match(attribute, value)).body).toMatchObject({
      totalResults: 1,
      Resources: [{ id: created.id }],
    });
});

test("who is no longer assigned is disabled and kept; who is assigned again is the same user", async () => {
  const { body: created } = await organisation.createUser(person("leaver@contoso.example"));
  expect(await organisation.setActive(created.id, "False")).toMatchObject({
    status: 200,
    body: { active: false },
  });
  const { body: found } = await organisation.match("userName", "leaver@contoso.example");
  expect(found.Resources).toMatchObject([{ id: created.id, active: false }]);
  expect(await organisation.setActive(found.Resources[0].id, "True")).toMatchObject({
    status: 200,
    body: { id: created.id, active: true },
  });
});

test("app roles are kept in each shape in which they are sent", async () => {
  const sent = person("roles@contoso.example", {
    roles: [
      {
        primary: "True",
        type: "WindowsAzureActiveDirectoryRole",
        value: "Admin",
        display: "Admin",
      },
    ],
  });
  const { body: created } = await organisation.createUser(sent);
  expect(created.roles).toMatchObject([{ primary: true, value: "Admin" }]);

  const replaced = await organisation.patchUser(created.id, {
    op: "Replace",
    path: 'roles[primary eq "True"].value',
    value: "Member",
  });
  expect(replaced.body.roles).toMatchObject([{ value: "Member" }]);

  const json = JSON.stringify({ id: "06b07648", value: "Visitor", displayName: "A visitor" });
  const added = await organisation.patchUser(created.id, {
    op: "Add",
    path: "roles",
    value: [{ value: json }],
  });
  expect(added.body.roles).toHaveLength(2);
  expect(added.body.roles).toContainEqual(expect.objectContaining({ value: "Visitor" }));
});

test("groups arrive with their people, and are renamed and emptied", async () => {
  const { body: one } = await organisation.createUser(person("one@contoso.example"));
  const { body: group } = await organisation.createGroup("Desk planners");
  expect(await organisation.addMembers(group.id, one.id)).toMatchObject({ status: 204 });
  expect((await organisation.matchGroup("desk PLANNERS")).body).toMatchObject({ totalResults: 1 });
  expect((await organisation.get(`/Groups/${group.id}`)).body.members).toMatchObject([
    { value: one.id },
  ]);
  expect((await organisation.get(`/Users/${one.id}`)).body.groups).toMatchObject([
    { value: group.id, display: "Desk planners" },
  ]);
});

test("a lost token is replaced without affecting a single user", async () => {
  const everything = async (client: Entra) => ({
    users: (await client.get("/Users?count=200")).body.Resources,
    groups: (await client.get("/Groups?count=200")).body.Resources,
  });
  const before = await everything(organisation);
  expect(before.users.length).toBeGreaterThan(5);

  const tokenId = token.split("_")[2];
  const rotated = await operator.do("token.rotate", {
    tenant: "contoso",
    tokenId,
    overlapHours: 72,
  });
  const fresh = entra(run.tenantUrl, String(rotated.token));
  // Both work until the overlap ends, so that the customer may switch when it suits.
  expect(await everything(fresh)).toEqual(before);
  expect(await everything(organisation)).toEqual(before);
  await operator.do("token.revoke", { tenant: "contoso", tokenId, confirm: true });
  expect(await everything(fresh)).toEqual(before);
});

test("what fails says in words what to mend, for the notification mail", async () => {
  await organisation.createUser(person("twice@contoso.example"));
  expect(await organisation.createUser(person("Twice@contoso.example"))).toMatchObject({
    status: 409,
    body: { scimType: "uniqueness", detail: expect.stringContaining("Twice@contoso.example") },
  });
  expect(await organisation.createUser({ displayName: "Nobody" })).toMatchObject({
    status: 400,
    body: { detail: expect.stringContaining("userName") },
  });
});
