import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { aService, type Service } from "../support/service.ts";

let service: Service;
beforeAll(async () => {
  service = await aService();
});
afterAll(() => service.stop());

const work = 'emails[type eq "work"].value';

/** A tenant with these users, and what a sync would do with its own. */
async function aDirectory(rows: readonly Readonly<Record<string, string>>[]) {
  const { tenant, token } = await service.tenant();
  const send = (message: object) => service.deployment.admin()({ tenant, ...message });
  const imported = Object(await send({ action: "user.import", key: "userName", rows }));
  expect(imported.counts.created).toBe(rows.length);
  return {
    token,
    match: async (on: string, ...asked: readonly object[]) =>
      Object(await send({ action: "user.match", on, rows: asked })).results,
  };
}

test("a user that the sync's query finds is matched, whatever the case", async () => {
  const { match } = await aDirectory([
    { userName: "bob@x.org", externalId: "b", [work]: "b@x.org" },
  ]);
  const matched = { row: 0, outcome: "matched", id: expect.any(String), userName: "bob@x.org" };
  expect(await match("userName", { key: "BOB@x.org" })).toEqual([matched]);
  expect(await match("externalId", { key: "b" })).toEqual([matched]);
  expect(await match("emails.value", { key: "B@X.org" })).toEqual([matched]);
});

test("whom nobody is like would be created", async () => {
  const { match } = await aDirectory([{ userName: "bob@x.org" }]);
  const row = { key: "ann@x.org", userName: "ann@x.org", email: "ann@x.org", externalId: "a" };
  expect(await match("userName", row)).toEqual([{ row: 0, outcome: "created" }]);
});

test.each([
  ["has it as an address", { userName: "bob", [work]: "bob@x.org" }, '"bob@x.org" as its e-mail'],
  [
    "has the other address of it",
    { userName: "b", [work]: "b.li@x.org" },
    '"b.li@x.org" as its e-m',
  ],
  ["has its other address as name", { userName: "b.li@x.org" }, '"b.li@x.org" as its userName'],
  ["has its identifier", { userName: "b", externalId: "E-1" }, '"E-1" as its externalId'],
  ["has its identifier in other case", { userName: "b", externalId: "e-1" }, "other letter case"],
  ["has it as identifier", { userName: "b", externalId: "bob@x.org" }, "as its externalId"],
  ["is named by the part before the @", { userName: "bob" }, "the part before the @"],
])("a person of whom one here %s would be there twice", async (_, existing, reason) => {
  const { match } = await aDirectory([existing]);
  const row = { key: "bob@x.org", userName: "bob@x.org", email: "b.li@x.org", externalId: "E-1" };
  expect(await match("userName", row)).toEqual([
    {
      row: 0,
      outcome: "wouldDuplicate",
      id: expect.any(String),
      userName: existing.userName,
      detail: expect.stringContaining(reason),
    },
  ]);
});

test("what follows a + in an address makes no other person", async () => {
  const { match } = await aDirectory([{ userName: "bob@x.org" }]);
  expect(await match("userName", { key: "bob+sso@x.org" })).toMatchObject([
    { outcome: "wouldDuplicate", detail: expect.stringContaining("+") },
  ]);
});

test("an address of another type is not what the sync asks for", async () => {
  const { match } = await aDirectory([
    { userName: "b", 'emails[type eq "home"].value': "bob@x.org" },
  ]);
  expect(await match("emails.value", { key: "bob@x.org" })).toMatchObject([
    { outcome: "wouldDuplicate", detail: expect.stringContaining('not of type "work"') },
  ]);
});

test("a create or a rename to a userName that another has would be refused", async () => {
  const { match } = await aDirectory([
    { userName: "bob@x.org", externalId: "1" },
    { userName: "ann@x.org", externalId: "2" },
  ]);
  const results = await match(
    "externalId",
    { key: "9", userName: "BOB@x.org" },
    { key: "2", userName: "bob@x.org" },
    { key: "2", userName: "Ann@x.org" },
  );
  expect(results).toMatchObject([
    { outcome: "wouldConflict", userName: "bob@x.org" },
    { outcome: "wouldConflict", userName: "ann@x.org", detail: expect.stringContaining("bob@x") },
    { outcome: "matched", userName: "ann@x.org" },
  ]);
});

test("several who have the value are told", async () => {
  const { match } = await aDirectory([
    { userName: "a", externalId: "1" },
    { userName: "b", externalId: "1" },
  ]);
  expect(await match("externalId", { key: "1" }, { key: "" })).toMatchObject([
    { row: 0, outcome: "ambiguous", detail: expect.stringMatching(/2 users.*[ab] \(.*, [ab] \(/) },
    { row: 1, outcome: "invalid" },
  ]);
});

test.each([
  ["userName", { userName: "bob@x.org" }, 'userName eq "bob@x.org"', { key: "bob@x.org" }],
  ["externalId", { userName: "b", externalId: "o-1" }, 'externalId eq "o-1"', { key: "o-1" }],
  [
    "emails.value",
    { userName: "b", [work]: "bob@x.org" },
    `${work} eq "bob@x.org"`,
    { key: "bob@x.org" },
  ],
])(
  "who is matched by %s is found by the very query that Entra sends before it would create",
  async (on, existing, filter, row) => {
    const { match, token } = await aDirectory([existing]);
    const [{ outcome, id }] = await match(on, row);
    const found = await service.send("GET /Users", { token, query: { filter } });
    expect(outcome).toBe("matched");
    expect(found.body).toMatchObject({ totalResults: 1, Resources: [{ id }] });
  },
);
