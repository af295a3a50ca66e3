import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type Entra, entra, person } from "../support/entra.ts";
import { type LocalRun, startLocalRun } from "../support/local-run.ts";
import { operatorOf } from "../support/operator.ts";

// A product for security awareness: a licence for so many people, and an address for each.
let run: LocalRun;
let operator: ReturnType<typeof operatorOf>;
let company: Entra;
const seats = 12;

beforeAll(async () => {
  run = await startLocalRun({ args: ["-c", "basePath=/scim"] });
  operator = operatorOf(run);
  const settings = { seatLimit: seats, requiredAttributes: ["emails"] };
  await operator.do("tenant.create", { tenant: "acme", settings });
  company = entra(run.tenantUrl, await operator.token("acme"));
}, 120_000);
afterAll(async () => {
  operator.end();
  await run.stop();
});

const activeUsers = async (): Promise<number> =>
  (await company.get("/Users?filter=active+eq+true&count=0")).body.totalResults;

test("the Tenant URL ends in /scim, and Test Connection succeeds", async () => {
  expect(run.tenantUrl).toMatch(/\/scim$/);
  expect(await company.testConnection()).toMatchObject({ status: 200 });
});

test("a person without an address is refused by an error that names the attribute", async () => {
  const { emails: _, ...without } = person("nomail@acme.example");
  expect(await company.createUser(without)).toMatchObject({
    status: 400,
    body: { scimType: "invalidValue", detail: expect.stringContaining("emails") },
  });
  expect((await company.match("userName", "nomail@acme.example")).body.totalResults).toBe(0);
});

test("of people who come at once as many are taken as there are licences, and no half of another", async () => {
  const many = Array.from({ length: 30 }, (_, at) => person(`many-${at}@acme.example`));
  const answers = await Promise.all(many.map((one) => company.createUser(one)));
  const refused = answers.filter(({ status }) => status !== 201);
  expect(answers.length - refused.length).toBe(seats);
  // 403 would be taken for wrong credentials, and would stop everybody.
  for (const { status, body } of refused)
    expect({ status, body }).toMatchObject({
      status: 400,
      body: { status: "400", detail: expect.stringMatching(/12 seats/) },
    });
  expect(await activeUsers()).toBe(seats);
  expect((await company.get("/Users?count=0")).body.totalResults).toBe(seats);
  // The address of who was refused is free: nothing of them was kept.
  const left = many[answers.findIndex(({ status }) => status !== 201)]?.userName ?? "";
  expect((await company.match("userName", left)).body.totalResults).toBe(0);
});

test("disabled people need no licence, and are enabled again only where there is one", async () => {
  const { body } = await company.get("/Users?count=2");
  const [one, other] = body.Resources;
  expect(await company.setActive(one.id, "False")).toMatchObject({ status: 200 });
  expect(await company.createUser(person("takes-the-seat@acme.example"))).toMatchObject({
    status: 201,
  });
  expect(await company.setActive(one.id, "True")).toMatchObject({
    status: 400,
    body: { detail: expect.stringContaining("seats") },
  });
  expect((await company.get(`/Users/${one.id}`)).body.active).toBe(false);
  // Other changes of those who have one go on.
  expect(
    await company.patchUser(other.id, { op: "Replace", path: "title", value: "Analyst" }),
  ).toMatchObject({ status: 200 });
  expect(await activeUsers()).toBe(seats);
});

test("the operator raises the licence, and the next cycle takes whom it could not", async () => {
  await operator.do("tenant.set", { tenant: "acme", settings: { seatLimit: seats + 1 } });
  expect(await company.createUser(person("late@acme.example"))).toMatchObject({ status: 201 });
  expect(await operator.do("tenant.show", { tenant: "acme" })).toMatchObject({
    seats: { limit: seats + 1, taken: seats + 1 },
  });
});

test("a person who is removed from Entra is disabled, deleted after 30 days, and in no group", async () => {
  const { body } = await company.match("userName", "late@acme.example");
  const { id } = body.Resources[0];
  const { body: group } = await company.createGroup("Phishing campaign");
  await company.addMembers(group.id, id);
  expect(await company.setActive(id, "False")).toMatchObject({ status: 200 });
  expect(await company.delete(`/Users/${id}`)).toMatchObject({ status: 204, body: undefined });
  expect(await company.get(`/Users/${id}`)).toMatchObject({ status: 404 });
  expect(await company.delete(`/Users/${id}`)).toMatchObject({ status: 404 });
  expect((await company.get(`/Groups/${group.id}`)).body.members ?? []).toEqual([]);
});
