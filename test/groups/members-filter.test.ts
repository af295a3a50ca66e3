import { BatchWriteCommand, GetCommand, PutCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { v7 } from "uuid";
import { memberIndexKey, memberKey, resourceKey } from "../../lambdas/store/dynamodb/keys.ts";
import { changeItem, type MemberChange } from "../../lambdas/store/dynamodb/member-change.ts";
import { formatVersion } from "../../lambdas/store/dynamodb/table.ts";
import { aService, type Service } from "../support/service.ts";
import { aUser, countingDb, testTable } from "../support/store.ts";
import { tableName } from "../support/table.ts";

const { db, calls } = countingDb();

let service: Service;
beforeAll(async () => {
  service = await aService({ db });
});
afterAll(() => service.stop());

async function aClient() {
  const { token, tenant } = await service.tenant();
  const created = async (route: string, body: object) =>
    String((await service.send(route, { token, body })).body.id);
  const list = async (filter: string, query = {}, endpoint = "Groups") => {
    calls.length = 0;
    const { status, body } = await service.send(`GET /${endpoint}`, {
      token,
      query: { filter, excludedAttributes: "members,groups", ...query },
    });
    const ids = ((body.Resources ?? []) as { id: string }[]).map(({ id }) => id).toSorted();
    return { status, body, ids, calls: [...calls] };
  };
  return {
    token,
    tenant,
    list,
    user: () => created("POST /Users", aUser()),
    group: (displayName: string, members: readonly string[] = []) =>
      created("POST /Groups", { displayName, members: members.map((value) => ({ value })) }),
    remove: (id: string) => service.send("DELETE /Users/{id}", { token }, id),
  };
}

/** Puts so many members into a group, of whom there is nothing but the memberships. */
async function addMany(tenant: string, group: string, count: number): Promise<void> {
  const keysOf = (id: string) => ({
    ...memberKey(tenant, group, id),
    ...memberIndexKey(tenant, group, id),
  });
  const puts = Array.from({ length: count }, () => ({
    PutRequest: { Item: { ...keysOf(v7()), v: formatVersion, type: "User" } },
  }));
  for (let at = 0; at < count; at += 25) {
    const batch = new BatchWriteCommand({ RequestItems: { [tableName]: puts.slice(at, at + 25) } });
    await testTable().db.send(batch);
  }
}

/** Leaves changes to a group's members as crashes do: committed, and not carried over. */
async function leavePending(tenant: string, group: string, changes: readonly MemberChange[]) {
  const first = 2;
  for (const [at, change] of changes.entries()) {
    const entry = { seq: first + at, change, at: new Date(), revision: 0 };
    const Item = changeItem(tenant, group, entry);
    await db.send(new PutCommand({ TableName: tableName, Item }));
  }
  await db.send(
    new UpdateCommand({
      TableName: tableName,
      Key: resourceKey(tenant, "GROUP", group),
      UpdateExpression: "SET pendingChange = :first, changeSeq = :last",
      ExpressionAttributeValues: { ":first": first, ":last": first + changes.length - 1 },
    }),
  );
}

describe("of a group with 3,000 members", () => {
  let client: Awaited<ReturnType<typeof aClient>>;
  let group = "";
  let member = "";
  let stranger = "";
  beforeAll(async () => {
    client = await aClient();
    [member, stranger] = [await client.user(), await client.user()];
    group = await client.group("large", [member]);
    await client.group("other", [stranger]);
    await addMany(client.tenant, group, 3000);
  });

  const named = (form: string) =>
    form.replace("GROUP", group).replace("USER", member).replace("OTHER", stranger);

  test.each([
    ['id eq "GROUP" and members eq "USER"', 1],
    ['id eq "GROUP" and members eq "OTHER"', 0],
    ['id eq "GROUP" and members.value eq "USER"', 1],
    ['id eq "GROUP" and members[value eq "USER"]', 1],
    ['id eq "GROUP" and members[value eq "USER" and type eq "User"]', 1],
    ['id eq "GROUP" and members[value eq "USER" and type eq "Group"]', 0],
    ['id eq "GROUP" and not (members eq "USER")', 0],
    ['id eq "GROUP" and not (members eq "OTHER")', 1],
    ['id eq "GROUP" and (members eq "OTHER" or members eq "USER")', 1],
    ['id eq "GROUP" and members eq "OTHER" and members eq "USER"', 0],
  ])("%s reads the group and those who are named alone", async (form, found) => {
    const answer = await client.list(named(form));
    expect(answer.ids).toEqual(found === 1 ? [group] : []);
    expect(answer.calls).toEqual(["GetItem", "BatchGetItem", "TransactGetItems"]);
    expect((await client.list(named(form), { attributes: "id" })).ids).toEqual(answer.ids);
  });

  test("an id is found in whatever case it is written", async () => {
    const filter = `id eq "${group}" and members eq "${member.toUpperCase()}"`;
    expect((await client.list(filter)).ids).toEqual([group]);
    expect((await client.list(`members eq "${member.toUpperCase()}"`)).ids).toEqual([group]);
  });

  test("what is no id of ours is in no group", async () => {
    expect((await client.list(`id eq "${group}" and members eq "nobody#"`)).ids).toEqual([]);
    expect((await client.list('members eq "nobody#"')).ids).toEqual([]);
    expect((await client.list(`id eq "${group}" and not (members eq "x")`)).ids).toEqual([group]);
  });

  test.each([
    ['id eq "GROUP" and members pr', 1],
    ['id eq "GROUP" and members.value sw "0"', 1],
    ['id eq "GROUP" and members ne "USER"', 1],
    ['id eq "GROUP" and members[not (value eq "USER")]', 1],
    ['id eq "GROUP" and members.type eq "Group" and members eq "USER"', 0],
  ])("%s reads all members, since it asks for others too", async (form, found) => {
    const answer = await client.list(named(form));
    expect(answer.ids).toEqual(found === 1 ? [group] : []);
    expect(answer.calls).toContain("Query");
  });

  test("its answer in gzip holds what the plain one holds, under the same version", async () => {
    const get = (headers = {}) =>
      service.send("GET /Groups/{id}", { token: client.token, headers }, group);
    const plain = await get();
    const packed = await get({ "accept-encoding": "br, gzip;q=0.5" });
    expect(packed.headers).toEqual({ ...plain.headers, "Content-Encoding": "gzip" });
    expect(packed.body).toEqual(plain.body);
    const tag = { "If-None-Match": String(packed.headers.ETag), "Accept-Encoding": "gzip" };
    expect(await get(tag)).toMatchObject({ status: 304, body: undefined });
    expect((await get({ "Accept-Encoding": "gzip;q=0" })).headers).toEqual(plain.headers);
  });
});

test("the groups of a member are found by the index, one call for each", async () => {
  const { user, group, list } = await aClient();
  const [one, other] = [await user(), await user()];
  const theirs = [await group("a1", [one]), await group("a2", [one, other])];
  for (const name of ["a3", "b4", "b5"]) await group(name, [other]);

  const answer = await list(`members.value eq "${one}"`);
  expect(answer.ids).toEqual(theirs.toSorted());
  expect(answer.calls).toEqual([
    "Query",
    "BatchGetItem",
    "BatchGetItem",
    "TransactGetItems",
    "TransactGetItems",
  ]);
  const nested = `members[value eq "${one}"] and (displayName sw "a2" or displayName sw "b")`;
  expect((await list(nested)).ids).toEqual([theirs[1]]);
  expect((await list(`members eq "${one}" and members eq "${other}"`)).ids).toEqual([theirs[1]]);
});

test("members that large changes have added and removed are asked of the changes, in their order", async () => {
  const { tenant, user, group, list } = await aClient();
  const [a, b, c] = await Promise.all([user(), user(), user()]);
  const id = await group("g", [b]);
  const added = (member: string) => [{ id: member, type: "User" as const }];
  await leavePending(tenant, id, [
    { kind: "update", add: added(a), remove: [b] },
    { kind: "update", add: added(c), remove: [a] },
  ]);
  const isIn = async (member: string) =>
    (await list(`id eq "${id}" and members eq "${member}"`)).ids.length === 1;
  expect([await isIn(a), await isIn(b), await isIn(c)]).toEqual([false, false, true]);
  const answer = await list(`id eq "${id}" and members eq "${a}"`);
  expect(answer.calls).toEqual([
    "GetItem",
    "BatchGetItem",
    "TransactGetItems",
    "Query",
    "TransactGetItems",
  ]);
});

test("who was deleted is in no group, although the membership is still there", async () => {
  const { tenant, user, group, list, remove } = await aClient();
  const gone = await user();
  const id = await group("g", [gone]);
  await remove(gone);
  const Key = memberKey(tenant, id, gone);
  expect((await db.send(new GetCommand({ TableName: tableName, Key }))).Item).toBeDefined();
  expect((await list(`id eq "${id}" and members eq "${gone}"`)).ids).toEqual([]);
  expect((await list(`members eq "${gone}"`)).ids).toEqual([]);
});

describe("users by their group", () => {
  test("are found among its members, in a tenant of more users than may be gone through", async () => {
    const { user, group, list } = await aClient();
    const all = await Promise.all(Array.from({ length: 205 }, user));
    const [one = "", two = ""] = all;
    const inner = await group("inner", [two]);
    const outer = await group("outer", [one, two, inner]);

    const found = await list(`groups.value eq "${outer}"`, {}, "Users");
    expect(found.ids).toEqual([one, two].toSorted());
    // The members, the users; and of each the groups and their names.
    const each = ["Query", "BatchGetItem"];
    expect(found.calls).toEqual(["Query", "BatchGetItem", ...each, ...each]);
    expect((await list(`groups eq "${inner.toUpperCase()}"`, {}, "Users")).ids).toEqual([two]);
    expect((await list('groups eq "nobody"', {}, "Users")).ids).toEqual([]);
    const both = `groups.value eq "${outer}" and groups.display eq "INNER"`;
    expect((await list(both, {}, "Users")).ids).toEqual([two]);
  });

  test("of more than 1,000 members are gone through as before", async () => {
    const { tenant, user, group, list } = await aClient();
    const one = await user();
    const id = await group("g", [one]);
    await addMany(tenant, id, 1001);
    expect((await list(`groups.value eq "${id}"`, {}, "Users")).ids).toEqual([one]);
  });
});
