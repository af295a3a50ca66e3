import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { JsonObject } from "../../lambdas/scim/json.ts";
import { aService, type Service } from "../support/service.ts";

const enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

let service: Service;
beforeAll(async () => {
  service = await aService();
});
afterAll(() => service.stop());

type Row = Readonly<Record<string, string>>;
interface Result {
  readonly row: number;
  readonly outcome: string;
  readonly id?: string;
  readonly userName?: string;
  readonly detail?: string;
}

async function aDirectory(settings: object = {}) {
  const { tenant, token } = await service.tenant(undefined, settings);
  const send = (message: object) => service.deployment.admin()({ tenant, ...message });
  const imported = async (rows: readonly Row[], over: object = {}) => {
    const answer = await send({ action: "user.import", key: "userName", rows, ...over });
    if (!answer.ok) throw new Error(JSON.stringify(answer));
    return Object(answer).results as readonly Result[];
  };
  const query = async (filter: string) => {
    const { body } = await service.send("GET /Users", { token, query: { filter } });
    return body.Resources as readonly JsonObject[];
  };
  const total = async () =>
    (await service.send("GET /Users", { token, query: { count: "0" } })).body.totalResults;
  return { tenant, token, send, imported, query, total };
}

const outcomes = (results: readonly Result[]) => results.map(({ outcome }) => outcome);
const bob = {
  userName: "bob@example.com",
  externalId: "b-1",
  "name.givenName": "Bob",
  'emails[type eq "work"].value': "bob@example.com",
  'emails[type eq "work"].primary': "True",
  active: "False",
  [`${enterprise}:department`]: "Sales",
};

test("a row becomes the user that a request would have made, with values of the schema's types", async () => {
  const { imported, query } = await aDirectory();
  const [result] = await imported([bob]);
  expect(result).toEqual({
    row: 0,
    outcome: "created",
    id: expect.any(String),
    userName: "bob@example.com",
  });
  const [user] = await query('userName eq "BOB@example.com"');
  expect(user).toMatchObject({
    schemas: ["urn:ietf:params:scim:schemas:core:2.0:User", enterprise],
    id: result?.id,
    externalId: "b-1",
    name: { givenName: "Bob" },
    emails: [{ type: "work", value: "bob@example.com", primary: true }],
    active: false,
    [enterprise]: { department: "Sales" },
  });
});

test("sent again it changes nothing, not even the version; other columns and empty cells leave alone what is there", async () => {
  const { imported, query } = await aDirectory();
  await imported([bob]);
  const [before] = await query('externalId eq "b-1"');
  expect(outcomes(await imported([bob]))).toEqual(["unchanged"]);
  expect(outcomes(await imported([{ userName: "BOB@example.com", externalId: "" }]))).toEqual([
    "updated",
  ]);
  const [renamed] = await query('externalId eq "b-1"');
  const { meta: _before, userName: _name, ...attributes } = before as JsonObject;
  expect(renamed).toMatchObject({ ...attributes, userName: "BOB@example.com" });

  const changed = await imported([{ userName: "bob@example.com", "name.familyName": "Li" }]);
  expect(changed).toMatchObject([{ outcome: "updated", id: before?.id }]);
  expect(await query('externalId eq "b-1"')).toMatchObject([
    { name: { givenName: "Bob", familyName: "Li" }, active: false },
  ]);
});

test("a bad row is refused with the reason and stops no other", async () => {
  const { imported, total } = await aDirectory();
  const results = await imported([
    { userName: "a", active: "perhaps" },
    { userName: "b", id: "1" },
    { userName: "c", nickname: "Cy" },
    { userName: "d", nicknam: "Di" },
    { userName: "e", emails: "e@example.com" },
    { userName: "f", name: "Effi" },
    { userName: "g", password: "secret" },
    { userName: "", externalId: "h" },
    { userName: "i", "emails[type eq": "i@example.com" },
  ]);
  expect(results.map(({ outcome, detail = "" }) => [outcome, detail])).toEqual([
    ["refused", expect.stringContaining("active")],
    ["refused", expect.stringContaining('"id" cannot be imported. Only the service sets it')],
    ["created", ""],
    ["refused", expect.stringContaining('"nicknam" cannot be imported. It names no attribute')],
    ["refused", expect.stringContaining('say which, such as emails[type eq "work"].value')],
    ["refused", expect.stringContaining("name.formatted")],
    ["refused", expect.stringContaining("It is not kept")],
    ["refused", expect.stringContaining("It has no userName")],
    ["refused", expect.stringContaining("cannot be read")],
  ]);
  expect(await total()).toBe(1);
});

test("rows of one message that mean the same user are told, and neither is imported", async () => {
  const { imported, total } = await aDirectory();
  const rows = [{ userName: "ann" }, { userName: "bob" }, { userName: "ANN" }];
  const results = await imported(rows);
  expect(outcomes(results)).toEqual(["duplicateRow", "created", "duplicateRow"]);
  expect(results[0]?.detail).toContain("Rows 0, 2");
  expect(await total()).toBe(1);
});

describe("users are found", () => {
  test("by any of a row's e-mail addresses, of whatever type and case", async () => {
    const { imported } = await aDirectory();
    const [first] = await imported([{ userName: "b", 'emails[type eq "home"].value': "b@x.org" }]);
    const found = await imported(
      [
        {
          'emails[type eq "work"].value': "new@x.org",
          'emails[type eq "home"].value': "B@X.org",
          title: "Engineer",
        },
      ],
      { key: "emails" },
    );
    expect(found).toMatchObject([{ outcome: "updated", id: first?.id }]);
  });

  test("by externalId, letter case told apart, and by id, with which nobody is created", async () => {
    const { imported } = await aDirectory();
    const [first] = await imported([{ userName: "b", externalId: "E1" }]);
    const byExternalId = await imported(
      [
        { externalId: "E1", userName: "bob" },
        { externalId: "e1", userName: "eve" },
      ],
      { key: "externalId" },
    );
    expect(byExternalId).toMatchObject([
      { outcome: "updated", id: first?.id, userName: "bob" },
      { outcome: "created", userName: "eve" },
    ]);
    const byId = await imported(
      [
        { id: first?.id ?? "", title: "Engineer" },
        { id: "01930000-0000-7000-8000-000000000000", userName: "x" },
      ],
      { key: "id" },
    );
    expect(byId).toMatchObject([
      { outcome: "updated", id: first?.id },
      { outcome: "refused", detail: expect.stringContaining("No user has this id") },
    ]);
  });

  test("several with one value are told by name, and none is changed", async () => {
    const { imported, query } = await aDirectory();
    await imported([
      { userName: "one", externalId: "x" },
      { userName: "two", externalId: "x" },
    ]);
    const [result] = await imported([{ externalId: "x", title: "Engineer" }], {
      key: "externalId",
    });
    expect(result).toMatchObject({
      outcome: "ambiguous",
      detail: expect.stringMatching(/^2 users have .*(one|two)/),
    });
    expect(await query("title pr")).toEqual([]);
  });
});

test("a userName that another has is refused, whether it would be created or changed", async () => {
  const { imported } = await aDirectory();
  await imported([
    { userName: "ann", externalId: "1" },
    { userName: "bob", externalId: "2" },
  ]);
  const rows = [
    { externalId: "3", userName: "ANN" },
    { externalId: "2", userName: "ann" },
  ];
  for (const dryRun of [true, false])
    expect(await imported(rows, { key: "externalId", dryRun })).toMatchObject([
      { outcome: "refused", detail: expect.stringContaining("userName") },
      { outcome: "refused", detail: expect.stringContaining("userName") },
    ]);
});

test("a dry run says what would happen and writes nothing", async () => {
  const { imported, total, query } = await aDirectory();
  await imported([
    { userName: "ann", externalId: "1" },
    { userName: "bob", externalId: "2" },
  ]);
  const rows = [
    { externalId: "1", userName: "ann" },
    { externalId: "2", title: "Engineer" },
    { externalId: "3", userName: "cyd" },
    { externalId: "4", userName: "CYD" },
    { externalId: "5", active: "false" },
  ];
  const dry = await imported(rows, { key: "externalId", dryRun: true });
  expect(outcomes(dry).slice(0, 2)).toEqual(["unchanged", "updated"]);
  // Which of the two that share a name comes first is open.
  expect(outcomes(dry).slice(2, 4).toSorted()).toEqual(["created", "refused"]);
  expect(dry[4]?.detail).toContain("userName is required");
  expect(await total()).toBe(2);
  expect(await query("title pr")).toEqual([]);
  expect(outcomes(await imported(rows, { key: "externalId" })).toSorted()).toEqual(
    outcomes(dry).toSorted(),
  );
});

test("seats are kept: who is one too many is refused, in a dry run too, and who is inactive needs none", async () => {
  const { send, imported, total } = await aDirectory();
  expect(await send({ action: "tenant.set", settings: { seatLimit: 2 } })).toMatchObject({
    ok: true,
  });
  const rows = [
    { userName: "a" },
    { userName: "b" },
    { userName: "c" },
    { userName: "d", active: "False" },
  ];
  for (const dryRun of [true, false]) {
    const results = await imported(rows, { dryRun });
    expect(outcomes(results).toSorted()).toEqual(["created", "created", "created", "refused"]);
    expect(results[3]?.outcome).toBe("created");
    expect(results.find(({ outcome }) => outcome === "refused")?.detail).toMatch(/seat/);
  }
  expect(await total()).toBe(3);
  const back = [{ userName: "d", active: "True" }];
  for (const dryRun of [true, false])
    expect(outcomes(await imported(back, { dryRun }))).toEqual(["refused"]);
});

test("where the limit was lowered, a dry run finds no seat in one that is given back", async () => {
  const { send, imported } = await aDirectory({ seatLimit: 2 });
  await imported([{ userName: "a" }, { userName: "b" }]);
  await send({ action: "tenant.set", settings: { seatLimit: 1 } });
  const disabled = { userName: "a", active: "False" };
  const [given] = await imported([disabled], { dryRun: true });
  expect(given).toMatchObject({ outcome: "updated", seats: -1 });
  const dry = await imported([disabled, { userName: "c" }], { dryRun: true });
  expect(outcomes(dry)).toEqual(["updated", "refused"]);
});

test("a text that is too long is the refusal of its row alone", async () => {
  const { imported, total } = await aDirectory();
  const long = "x".repeat(20_001);
  const results = await imported([{ userName: "a" }, { userName: "b", title: long }]);
  expect(results).toMatchObject([
    { outcome: "created" },
    { outcome: "refused", detail: '"title" has more than 20000 characters.' },
  ]);
  expect(await total()).toBe(1);
});

test("what the tenant requires and accepts holds for rows as it does for requests", async () => {
  const { imported, query } = await aDirectory({
    requiredAttributes: ["externalId"],
    acceptedAttributes: ["displayName"],
  });
  const results = await imported([
    { userName: "a" },
    { userName: "b", externalId: "1", displayName: "Bo", title: "Engineer" },
  ]);
  expect(results).toMatchObject([
    { outcome: "refused", detail: expect.stringContaining("must have externalId") },
    { outcome: "created" },
  ]);
  const [user] = await query('userName eq "b"');
  expect(user).toMatchObject({ displayName: "Bo" });
  expect(user).not.toHaveProperty("title");
});

test("nobody is imported into a deleted tenant", async () => {
  const { send } = await aDirectory();
  await send({ action: "tenant.delete" });
  const message = { action: "user.import", key: "userName", rows: [{ userName: "a" }] };
  expect(await send(message)).toMatchObject({ ok: false, error: { code: "tenantDeleted" } });
});

test("of one message that is sent twice at once, each user is made once", async () => {
  const { imported, total } = await aDirectory();
  const rows = Array.from({ length: 20 }, (_, at) => ({ userName: `u${at}`, title: "x" }));
  const answers = await Promise.all([imported(rows), imported(rows), imported(rows)]);
  const all = answers.flatMap(outcomes);
  expect(all.filter((one) => one === "created")).toHaveLength(20);
  expect(all.filter((one) => one === "unchanged")).toHaveLength(40);
  expect(await total()).toBe(20);
});

test("extensions that no schema declares are kept where the tenant takes them, and refused by one that keeps to the RFCs", async () => {
  const column = "urn:ietf:params:scim:schemas:extension:Custom:2.0:User:badge";
  const rows = [{ userName: "bob", active: "False", [column]: "7" }];
  const tolerant = await aDirectory();
  expect(outcomes(await tolerant.imported(rows))).toEqual(["created"]);
  const strict = await aDirectory({ strictness: "rfc" });
  expect(outcomes(await strict.imported(rows))).toEqual(["refused"]);
  // Text is text for any tenant.
  expect(outcomes(await strict.imported([{ userName: "bob", active: "False" }]))).toEqual([
    "created",
  ]);
  expect(await strict.query("active eq false")).toHaveLength(1);
});

test("rows for which no time is left are said to be not reached, and are reached when sent again", async () => {
  const { tenant, imported } = await aDirectory();
  const rows = Array.from({ length: 30 }, (_, at) => ({ userName: `u${at}` }));
  let looks = 0;
  const slow = service.deployment.admin(undefined, { clock: () => (looks++ < 15 ? 0 : 30_000) });
  const answer = await slow({ action: "user.import", tenant, key: "userName", rows });
  const results = Object(answer).results as readonly Result[];
  const reached = results.filter(({ outcome }) => outcome === "created").length;
  expect(reached).toBe(14);
  expect(Object(answer).counts).toMatchObject({ created: 14, notReached: 16 });
  const again = outcomes(await imported(rows));
  expect(again.filter((one) => one === "created")).toHaveLength(16);
});

test("columns are checked before anything is sent", async () => {
  const { send } = await aDirectory();
  const columns = ["userName", 'emails[type eq "work"].value', "mail", "groups", "id"];
  const check = (key: string) => send({ action: "user.columns", key, columns });
  expect(await check("userName")).toMatchObject({
    ok: true,
    faults: [
      { column: "mail", fault: expect.stringContaining("names no attribute") },
      { column: "groups", fault: expect.stringContaining("Only the service") },
      { column: "id", fault: expect.stringContaining("Only the service") },
    ],
  });
  expect(Object(await check("id")).faults).toHaveLength(2);
  expect(await check("title")).toMatchObject({ error: { code: "invalidMessage" } });
});

test("users are listed page by page in the order in which they came, with what a sync knows them by", async () => {
  const { send, imported } = await aDirectory();
  for (const at of ["a", "b", "c"]) await imported([{ ...bob, userName: at }]);
  const first = Object(await send({ action: "user.list", limit: 2 }));
  expect(first.users).toMatchObject([{ userName: "a" }, { userName: "b" }]);
  const second = Object(await send({ action: "user.list", limit: 2, after: first.next }));
  expect(second).toEqual({
    ok: true,
    tenant: expect.any(String),
    users: [
      {
        id: expect.any(String),
        userName: "c",
        externalId: "b-1",
        active: false,
        emails: ["bob@example.com"],
        created: expect.any(String),
      },
    ],
  });
});

test.each([
  ["such as userName, externalId", { key: "title", rows: [{}] }],
  ["key must be", { key: "groups", rows: [{}] }],
  ["key must be", { key: 'userName eq "a" or userName', rows: [{}] }],
  ["rows must be at least 1 long", { rows: [] }],
  ["rows must be at most 100 long", { rows: Array.from({ length: 101 }, () => ({})) }],
  ["rows.0.active must be of type string", { rows: [{ active: true }] }],
])("a message is refused: %s", async (text, message) => {
  const { send } = await aDirectory();
  expect(await send({ action: "user.import", key: "userName", ...message })).toEqual({
    ok: false,
    error: { code: "invalidMessage", message: expect.stringContaining(text) },
  });
});

test.each([
  { action: "user.import", key: "userName", rows: [{ userName: "a" }] },
  { action: "user.match", on: "userName", rows: [{ key: "a" }] },
  { action: "user.columns", key: "userName", columns: ["userName"] },
  { action: "user.list" },
])("a tenant that nobody made is refused: %j", async (message) => {
  const { send } = await aDirectory();
  expect(await send({ ...message, tenant: "nobody" })).toMatchObject({
    ok: false,
    error: { code: "unknownTenant" },
  });
});
