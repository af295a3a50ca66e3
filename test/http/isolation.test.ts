import { crc32 } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { hashToken } from "../../lambdas/auth/token.ts";
import { type Route, routes } from "../../lambdas/routes.ts";
import {
  bulkRequestUrn,
  enterpriseUserUrn,
  groupUrn,
  patchOpUrn,
  searchRequestUrn,
  userUrn,
} from "../../lambdas/scim/urns.ts";
import { type Answer, aService, type Sent, type Service } from "../support/service.ts";
import { itemsOf } from "../support/store.ts";

/**
 * One tenant tries what it knows of another's users and groups, a second one does the same with what
 * nobody has. They must be told the same, and nothing of the other tenant may be read or written.
 */
let service: Service;
beforeAll(async () => {
  service = await aService();
});
afterAll(() => service.stop());

interface Known {
  readonly user: string;
  readonly group: string;
  readonly userName: string;
  readonly externalId: string;
  readonly address: string;
  readonly groupName: string;
  readonly groupExternalId: string;
}

const nobodys: Known = {
  user: "01890000-0000-7000-8000-000000000001",
  group: "01890000-0000-7000-8000-000000000002",
  userName: "nobody-1",
  externalId: "nobody-2",
  address: "nobody-3@example.com",
  groupName: "nobody-4",
  groupExternalId: "nobody-5",
};

/** In what is the other's, and sent by nobody else. */
const hidden = "hidden-";

async function aTarget() {
  const { tenant, token, tokenId } = await service.tenant();
  const create = async (type: "Users" | "Groups", body: object) => {
    const answer = await service.send(`POST /${type}`, { token, body });
    expect(answer.status).toBe(201);
    return String(answer.body.id);
  };
  const boss = await create("Users", { schemas: [userUrn], userName: `${hidden}boss` });
  const known = { userName: "lovelace", externalId: "entra-1815", address: "countess@example.com" };
  const user = await create("Users", {
    schemas: [userUrn, enterpriseUserUrn],
    userName: known.userName,
    externalId: known.externalId,
    displayName: `${hidden}ada`,
    emails: [{ value: known.address, type: "work", primary: true }],
    [enterpriseUserUrn]: { manager: { value: boss } },
  });
  const group = await create("Groups", {
    schemas: [groupUrn],
    displayName: "staff",
    externalId: "entra-1816",
    members: [{ value: user }, { value: boss }],
  });
  // Some pages of a walk leave bookmarks, and a cursor.
  await service.send("GET /Users", { token, query: { startIndex: "1", count: "1" } });
  const page = await service.send("GET /Users", { token, query: { cursor: "", count: "1" } });
  const cursor = String(page.body.nextCursor);
  const groupNames = { groupName: "staff", groupExternalId: "entra-1816" };
  return { tenant, token, tokenId, boss, cursor, known: { ...known, ...groupNames, user, group } };
}

type Attack = readonly [route: Route, sent: Sent, id?: string];

const patch = (...operations: readonly object[]) => ({
  body: { schemas: [patchOpUrn], Operations: operations },
});
const search = (filter: string) => ({ body: { schemas: [searchRequestUrn], filter } });
const bulk = (...operations: readonly object[]) => ({
  body: { schemas: [bulkRequestUrn], Operations: operations },
});

/** What can be tried with what is known of another tenant; `own` and `ownGroup` are the attacker's. */
function attacks(known: Known, own: string, ownGroup: string, cursor: string): readonly Attack[] {
  const { user, group } = known;
  const userBody = { schemas: [userUrn], userName: known.userName, externalId: known.externalId };
  const groupBody = { schemas: [groupUrn], displayName: known.groupName };
  const filters = {
    Users: [
      `userName eq "${known.userName}"`,
      `externalId eq "${known.externalId}"`,
      `emails.value eq "${known.address}"`,
      `id eq "${user}"`,
      `groups.value eq "${group}"`,
      `${enterpriseUserUrn}:manager.value eq "${user}"`,
      `displayName sw "${hidden}"`,
    ],
    Groups: [
      `displayName eq "${known.groupName}"`,
      `externalId eq "${known.groupExternalId}"`,
      `id eq "${group}"`,
      `members.value eq "${user}"`,
      `id eq "${ownGroup}" and members eq "${user}"`,
    ],
  };
  const lists = (["Users", "Groups"] as const).flatMap((type) => [
    ...filters[type].flatMap((filter): Attack[] => [
      [`GET /${type}`, { query: { filter } }],
      [`GET /${type}`, { query: { filter, cursor: "", count: "1" } }],
      [`POST /${type}/.search`, search(filter)],
      ["GET /", { query: { filter } }],
      ["POST /.search", search(filter)],
    ]),
    ...[{ cursor, count: "1" }, { startIndex: "2", count: "1" }, { sortBy: "id" }].map(
      (query): Attack => [`GET /${type}`, { query }],
    ),
  ]);
  const byId = (
    [
      ["Users", user, userBody],
      ["Groups", group, groupBody],
      // An id of the other kind.
      ["Users", group, userBody],
      ["Groups", user, groupBody],
    ] as const
  ).flatMap(([type, id, body]): Attack[] => [
    [`GET /${type}/{id}`, {}, id],
    [`GET /${type}/{id}`, { headers: { "If-None-Match": 'W/"1"' } }, id],
    [`GET /${type}/{id}`, { query: { attributes: "members,groups" } }, id],
    [`PUT /${type}/{id}`, { body }, id],
    [`PUT /${type}/{id}`, { body, headers: { "If-Match": 'W/"1"' } }, id],
    [`PUT /${type}/{id}`, { body, headers: { "If-Match": 'W/"9"' } }, id],
    [`PATCH /${type}/{id}`, patch({ op: "replace", path: "displayName", value: "x" }), id],
    [`DELETE /${type}/{id}`, {}, id],
    [`DELETE /${type}/{id}`, { headers: { "If-Match": 'W/"9"' } }, id],
  ]);
  const members = [user, group].flatMap((value): Attack[] => [
    ["POST /Groups", { body: { ...groupBody, displayName: "new", members: [{ value }] } }],
    ["PUT /Groups/{id}", { body: { ...groupBody, members: [{ value }] } }, ownGroup],
    ["PATCH /Groups/{id}", patch({ op: "add", path: "members", value: [{ value }] }), ownGroup],
    ["PATCH /Groups/{id}", patch({ op: "remove", path: "members", value: [{ value }] }), ownGroup],
    ["PATCH /Groups/{id}", patch({ op: "remove", path: `members[value eq "${value}"]` }), ownGroup],
    [
      "PATCH /Users/{id}",
      patch({ op: "add", path: `${enterpriseUserUrn}:manager`, value: { value } }),
      own,
    ],
    ["GET /Users/{id}", {}, own],
  ]);
  const bulks = [
    { method: "DELETE", path: `/Users/${user}` },
    { method: "PUT", path: `/Groups/${group}`, data: groupBody },
    { method: "PATCH", path: `/Users/${user}`, version: 'W/"1"', data: patch().body },
    { method: "POST", path: "/Groups", bulkId: user, data: { ...groupBody, id: group } },
    {
      method: "PATCH",
      path: `/Groups/${ownGroup}`,
      data: patch({ op: "add", path: "members", value: [{ value: `bulkId:${user}` }] }).body,
    },
    {
      method: "PATCH",
      path: `/Groups/${ownGroup}`,
      data: patch({ op: "add", path: "members", value: [{ value: user }] }).body,
    },
    { method: "DELETE", path: `/Groups/../../Users/${user}` },
  ].map((operation): Attack => ["POST /Bulk", bulk(operation)]);
  const taken: readonly Attack[] = [
    ["POST /Users", { body: { ...userBody, id: user, emails: [{ value: known.address }] } }],
    ["POST /Groups", { body: { ...groupBody, id: group, externalId: known.groupExternalId } }],
  ];
  return [
    ...lists,
    ...byId,
    ...members,
    ...bulks,
    ...taken,
    ...lists,
    ["DELETE /Users/{id}", {}, own],
  ];
}

/** The answer without what differs between any two tenants: ids and times. */
function toldBy({ status, headers, body }: Answer, known: Known): string {
  const text = JSON.stringify({ status, headers, body });
  const names = Object.values(known).reduce((left, one) => left.replaceAll(one, "KNOWN"), text);
  return names
    .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "ID")
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "TIME")
    .replaceAll(/"nextCursor":"[^"]*"/g, "CURSOR");
}

async function anAttacker() {
  const { tenant, token, tokenId } = await service.tenant();
  const body = { schemas: [userUrn], userName: "mallory" };
  const user = await service.send("POST /Users", { token, body });
  const members = [{ value: user.body.id }];
  const group = { schemas: [groupUrn], displayName: "mallory", members };
  const { body: made } = await service.send("POST /Groups", { token, body: group });
  return { tenant, token, tokenId, own: String(user.body.id), ownGroup: String(made.id) };
}

test("no route reads, writes or betrays anything of another tenant", async () => {
  const target = await aTarget();
  const before = JSON.stringify(await itemsOf(target.tenant));
  const [one, other] = [await anAttacker(), await anAttacker()];
  const { cursor } = target;
  const knowing = attacks(target.known, one.own, one.ownGroup, cursor);
  const guessing = attacks(nobodys, other.own, other.ownGroup, cursor);
  const all = Object.values(routes)
    .flat()
    .filter((route) => !routes.discovery.some((of) => of === route));
  expect(all.filter((route) => !knowing.some(([tried]) => tried === route))).toEqual([]);

  for (const [at, [route, sent, id]] of knowing.entries()) {
    const [, guess, guessed] = guessing[at] ?? [];
    const answer = await service.send(route, { ...sent, token: one.token }, id);
    const same = await service.send(route, { ...guess, token: other.token }, guessed);
    const tried = JSON.stringify([route, sent]);
    expect([tried, toldBy(answer, target.known)]).toEqual([tried, toldBy(same, nobodys)]);
    const text = JSON.stringify(answer)
      .replaceAll(`"${hidden}"`, "")
      .replaceAll(`\\"${hidden}\\"`, "");
    expect(text).not.toContain(hidden);
    expect(text).not.toContain(target.boss);
  }
  expect(JSON.stringify(await itemsOf(target.tenant))).toBe(before);
}, 60_000);

/** A token made of parts, with the checksum that it needs. */
function forged(tenant: string, tokenId: string, secret: string): string {
  const base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  const body = `rc_${tenant}_${tokenId}_${secret}`;
  let sum = "";
  for (let rest = crc32(body); rest > 0; rest = Math.floor(rest / 62))
    sum = base62[rest % 62] + sum;
  return body + sum.padStart(6, "0");
}

test("a token with another tenant's name or another's id is none, whoever's secret it has", async () => {
  const [target, mine] = [await aTarget(), await service.tenant()];
  const secretOf = (token: string) => token.split("_")[3]?.slice(0, -6) ?? "";
  expect(forged(mine.tenant, mine.tokenId, secretOf(mine.token))).toBe(mine.token);
  const before = JSON.stringify(await itemsOf(target.tenant));
  for (const [tenant, tokenId, secret] of [
    [target.tenant, mine.tokenId, secretOf(mine.token)],
    [target.tenant, target.tokenId, secretOf(mine.token)],
    [mine.tenant, target.tokenId, secretOf(target.token)],
    [mine.tenant, target.tokenId, secretOf(mine.token)],
    [mine.tenant, mine.tokenId, secretOf(target.token)],
  ] as const) {
    const token = forged(tenant, tokenId, secret);
    const { status, body } = await service.send("DELETE /Users/{id}", { token }, target.known.user);
    // 503 where it cannot be told yet.
    expect([401, 503]).toContain(status);
    expect(JSON.stringify(body)).not.toContain(tenant);
    service.deployment.clock.pass(6000);
  }
  expect(JSON.stringify(await itemsOf(target.tenant))).toBe(before);
});

test("a command for one tenant finds nothing by another's ids, and is told what it is of nobody's", async () => {
  const [target, mine] = [await aTarget(), await service.tenant()];
  const { user, userName } = target.known;
  const gone = await service.send("POST /Users", {
    token: target.token,
    body: { schemas: [userUrn], userName: `${hidden}gone` },
  });
  await service.send("DELETE /Users/{id}", { token: target.token }, String(gone.body.id));
  const before = JSON.stringify(await itemsOf(target.tenant));
  const sha256 = hashToken(target.token);
  const send = (message: object) => service.deployment.admin()({ tenant: mine.tenant, ...message });
  const tries: readonly (readonly [object, object])[] = [
    ...[user, String(gone.body.id)].flatMap((id) =>
      ["user.erase", "user.restore"].map(
        (action) =>
          [
            { action, id },
            { action, id: nobodys.user },
          ] as const,
      ),
    ),
    [
      { action: "user.erase", userName },
      { action: "user.erase", userName: nobodys.userName },
    ],
    ...["user.list", "user.listDeleted"].map(
      (action) =>
        [
          { action, after: user },
          { action, after: nobodys.user },
        ] as const,
    ),
    ...["token.revoke", "token.rotate", "token.whois"].map((action) => {
      const of = { "token.rotate": { overlapHours: 0, confirm: true }, "token.whois": { sha256 } };
      const more = Object(Object(of)[action]);
      return [
        { action, tokenId: target.tokenId, ...more },
        { action, tokenId: "0000000000", ...more },
      ] as const;
    }),
    [
      { action: "user.match", on: "userName", rows: [{ key: userName }] },
      { action: "user.match", on: "userName", rows: [{ key: nobodys.userName }] },
    ],
  ];
  for (const [knowing, guessing] of tries) {
    const texts = [await send(knowing), await send(guessing)].map((answer) =>
      JSON.stringify(answer),
    );
    const told = texts.map((text) =>
      [...Object.values(target.known), ...Object.values(nobodys), target.tokenId, "0000000000"]
        .reduce((left, one) => left.replaceAll(one, "KNOWN"), text)
        .replaceAll(String(gone.body.id), "KNOWN"),
    );
    expect(told[0]).toBe(told[1]);
    expect(told[0]).not.toContain(hidden);
  }
  expect(JSON.stringify(await itemsOf(target.tenant))).toBe(before);
});
