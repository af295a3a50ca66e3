import { describe, expect, test } from "@jest/globals";
import type { JsonObject } from "../../lambdas/scim/json.ts";
import { textOf } from "../../lambdas/store/dynamodb/indexing.ts";
import { userStore } from "../../lambdas/store/dynamodb/users.ts";
import { aTenant, aUser, countingDb, defaultRules, itemsOf, testTable } from "../support/store.ts";

const users = userStore(testTable());

const email = (value: string) => ({ value, type: "work" });

const total = async (tenant: string) => (await users.page(tenant, 1, 0)).totalResults;

/** The keys under which a user can be found, as they are in the table. */
async function lookupKeys(tenant: string) {
  const items = await itemsOf(tenant);
  return items
    .map(({ pk, sk }) => `${String(pk).slice(`T#${tenant}#`.length)} ${String(sk).slice(0, 5)}`)
    .filter((key) => /^(USERNAME|EXTERNALID|EMAIL)/.test(key))
    .toSorted();
}

test("a user that was created is read back with what it was given", async () => {
  const tenant = aTenant();
  const user = aUser({ displayName: "Joy" });
  const stored = await users.create(tenant, user, defaultRules);

  expect(await users.get(tenant, stored.id)).toEqual(stored);
  expect(stored.resource).toEqual(user);
  expect(stored.version).toBe(1);
});

test("of 50 racing creates of one name in mixed case, one wins", async () => {
  const tenant = aTenant();
  const names = Array.from({ length: 50 }, (_, at) =>
    at % 2 ? "Joy@Example.com" : "joy@EXAMPLE.com",
  );
  const results = await Promise.allSettled(
    names.map((userName) => users.create(tenant, aUser({ userName }), defaultRules)),
  );

  const refusals = results.filter((result) => result.status === "rejected");
  expect(refusals).toHaveLength(49);
  for (const { reason } of refusals)
    expect(reason).toMatchObject({ status: 409, scimType: "uniqueness" });
  expect(await total(tenant)).toBe(1);
});

test("a user is found by each value that is indexed, and by none that it no longer has", async () => {
  const tenant = aTenant();
  const before = await users.create(
    tenant,
    aUser({ userName: "Joy", externalId: "Ext-1", emails: [email("Joy@Example.com")] }),
    defaultRules,
  );
  const found = async (attribute: "userName" | "externalId" | "emails.value", value: string) =>
    (await users.find(tenant, { attribute, value }))?.map(({ id }) => id);

  expect(await found("userName", "jOY")).toEqual([before.id]);
  expect(await found("externalId", "Ext-1")).toEqual([before.id]);
  expect(await found("externalId", "ext-1")).toEqual([]);
  expect(await found("emails.value", "joy@example.COM")).toEqual([before.id]);

  await users.replace(
    tenant,
    before,
    aUser({ userName: "Ann", externalId: "Ext-2", emails: [email("ann@example.com")] }),
    defaultRules,
  );
  expect(await found("userName", "joy")).toEqual([]);
  expect(await found("userName", "ann")).toEqual([before.id]);
  expect(await found("externalId", "Ext-1")).toEqual([]);
  expect(await found("emails.value", "joy@example.com")).toEqual([]);
  expect(await lookupKeys(tenant)).toEqual([
    "EMAIL#ann@example.com USER#",
    "EXTERNALID#Ext-2 USER#",
    "USERNAME#ann #",
  ]);
});

test("two users may share an externalId and an e-mail", async () => {
  const tenant = aTenant();
  const shared = { externalId: "x", emails: [email("x@example.com")] };
  const ids = [
    (await users.create(tenant, aUser(shared), defaultRules)).id,
    (await users.create(tenant, aUser(shared), defaultRules)).id,
  ].toSorted();

  for (const lookup of [
    { attribute: "externalId", value: "x" } as const,
    { attribute: "emails.value", value: "x@example.com" } as const,
  ])
    expect((await users.find(tenant, lookup))?.map(({ id }) => id)).toEqual(ids);
});

test("two e-mails of one value, in different case and type, are one lookup", async () => {
  const tenant = aTenant();
  const twice = [email("a@example.com"), { value: "A@example.com", type: "home" }];
  const before = await users.create(tenant, aUser({ userName: "a", emails: twice }), defaultRules);
  expect(await lookupKeys(tenant)).toEqual(["EMAIL#a@example.com USER#", "USERNAME#a #"]);

  await users.replace(
    tenant,
    before,
    aUser({ userName: "a", emails: [email("A@EXAMPLE.com")] }),
    defaultRules,
  );
  expect(await lookupKeys(tenant)).toEqual(["EMAIL#a@example.com USER#", "USERNAME#a #"]);
});

test("a rename that changes only case, and a change of no indexed value, is one plain write", async () => {
  const tenant = aTenant();
  const { db, calls } = countingDb();
  const counted = userStore(testTable({ db }));
  const one = await counted.create(tenant, aUser({ userName: "bob" }), defaultRules);
  const two = await counted.replace(
    tenant,
    one,
    { ...one.resource, userName: "BOB" },
    defaultRules,
  );
  await counted.replace(tenant, two, { ...two.resource, active: false }, defaultRules);

  expect(calls).toEqual(["TransactWriteItems", "PutItem", "PutItem"]);
});

test("a rename to a name that another has is refused and changes nothing", async () => {
  const tenant = aTenant();
  await users.create(tenant, aUser({ userName: "ann" }), defaultRules);
  const bob = await users.create(tenant, aUser({ userName: "bob", externalId: "1" }), defaultRules);

  await expect(
    users.replace(tenant, bob, aUser({ userName: "ANN", externalId: "2" }), defaultRules),
  ).rejects.toMatchObject({ status: 409, scimType: "uniqueness" });
  expect(await users.get(tenant, bob.id)).toEqual(bob);
  expect(await lookupKeys(tenant)).toEqual([
    "EXTERNALID#1 USER#",
    "USERNAME#ann #",
    "USERNAME#bob #",
  ]);
});

test("a write over what is no longer stored is a conflict", async () => {
  const tenant = aTenant();
  const before = await users.create(tenant, aUser(), defaultRules);
  await users.replace(tenant, before, { ...before.resource, active: false }, defaultRules);

  for (const change of [
    () => users.replace(tenant, before, { ...before.resource, displayName: "x" }, defaultRules),
    () => users.replace(tenant, before, { ...before.resource, externalId: "x" }, defaultRules),
    () => users.delete(tenant, before, defaultRules),
  ])
    await expect(change()).rejects.toMatchObject({ name: "Conflict" });
  expect((await users.get(tenant, before.id))?.resource.active).toBe(false);
});

test("a deleted user is gone from every index, its name is free, its tombstone stays", async () => {
  const tenant = aTenant();
  const user = aUser({ userName: "joy", externalId: "1", emails: [email("j@example.com")] });
  const stored = await users.create(tenant, user, defaultRules);
  await users.delete(tenant, stored, defaultRules);

  expect(await users.get(tenant, stored.id)).toBeUndefined();
  expect(await lookupKeys(tenant)).toEqual([]);
  expect(await total(tenant)).toBe(0);
  const kept = (await itemsOf(tenant)).find(({ pk }) => pk === `T#${tenant}#DELETED`);
  expect(kept).toMatchObject({ id: stored.id, resource: user, expiresAt: expect.any(Number) });
  await users.create(tenant, user, defaultRules);
});

test("counts equal what a full read finds after a storm of creates, renames and deletes", async () => {
  const tenant = aTenant();
  await Promise.allSettled(
    Array.from({ length: 60 }, async (_, at) => {
      const stored = await users.create(tenant, aUser({ userName: `u${at % 40}` }), defaultRules);
      if (at % 3 === 0) await users.delete(tenant, stored, defaultRules);
      if (at % 3 === 1)
        await users.replace(tenant, stored, aUser({ userName: `u${(at + 1) % 40}` }), defaultRules);
    }),
  );

  const read: string[] = [];
  for await (const { id } of users.each(tenant)) read.push(id);
  expect(await total(tenant)).toBe(read.length);
  expect(read.length).toBeGreaterThan(10);
  const claims = (await lookupKeys(tenant)).filter((key) => key.startsWith("USERNAME"));
  expect(claims).toHaveLength(read.length);
});

test("pages in the order of ids show everyone once, with the exact total", async () => {
  const tenant = aTenant();
  const ids: string[] = [];
  for (let at = 0; at < 12; at++) ids.push((await users.create(tenant, aUser(), defaultRules)).id);

  const pages = [1, 6, 11].map((startIndex) => users.page(tenant, startIndex, 5));
  const read = await Promise.all(pages);
  expect(read.map(({ totalResults }) => totalResults)).toEqual([12, 12, 12]);
  expect(read.flatMap(({ resources }) => resources.map(({ id }) => id))).toEqual(ids);
  expect((await users.page(tenant, 13, 5)).resources).toEqual([]);
});

test("a page of large users ends before an answer would be too large", async () => {
  const tenant = aTenant();
  const large = "x".repeat(190 * 1024);
  for (let at = 0; at < 20; at++)
    await users.create(tenant, aUser({ displayName: large }), defaultRules);

  const { resources, totalResults } = await users.page(tenant, 1, 20);
  expect(totalResults).toBe(20);
  expect(resources.length).toBeGreaterThan(5);
  expect(JSON.stringify(resources).length).toBeLessThan(3_000_000);
});

test.each<[string, JsonObject]>([
  ["larger than 200 KB", { displayName: "x".repeat(201 * 1024) }],
  [
    "with 41 e-mail values",
    { emails: Array.from({ length: 41 }, (_, at) => email(`${at}@example.com`)) },
  ],
])("a user %s is refused with a clear 400", async (_, over) => {
  await expect(users.create(aTenant(), aUser(over), defaultRules)).rejects.toMatchObject({
    status: 400,
    scimType: "invalidValue",
  });
});

test("a user with every limit reached can be written, changed and deleted", async () => {
  const tenant = aTenant();
  const emails = (at: string) =>
    Array.from({ length: 40 }, (_, number) => email(`${number}@${at}.example.com`));
  const one = await users.create(
    tenant,
    aUser({ externalId: "a", emails: emails("a") }),
    defaultRules,
  );
  const two = await users.replace(
    tenant,
    one,
    aUser({ externalId: "b", emails: emails("b") }),
    defaultRules,
  );
  await users.delete(tenant, two, defaultRules);
  expect(await lookupKeys(tenant)).toEqual([]);
});

describe("tenants", () => {
  test("a tenant sees nothing of another's, by id, name or list", async () => {
    const [mine, other] = [aTenant(), aTenant()];
    const { id, resource } = await users.create(other, aUser({ externalId: "x" }), defaultRules);

    expect(await users.get(mine, id)).toBeUndefined();
    const userName = { attribute: "userName", value: textOf(resource, "userName") } as const;
    expect(await users.find(mine, userName)).toEqual([]);
    expect(await users.find(mine, { attribute: "externalId", value: "x" })).toEqual([]);
    expect(await users.page(mine, 1, 10)).toEqual({ totalResults: 0, resources: [] });
    await users.create(mine, resource, defaultRules);
  });

  test.each([
    "",
    "x",
    "#",
    "USER#",
    "../x",
    "a".repeat(3000),
    "0192f0c1-0000-7000-8000-00000000000G",
  ])("an id %p that is none of ours is not found", async (id) => {
    expect(await users.get(aTenant(), id)).toBeUndefined();
  });

  test("text of any kind and length serves as a name", async () => {
    const tenant = aTenant();
    for (const userName of ["#", "T#x#USERS", "\u0000", "é", "x".repeat(5000), "💥"]) {
      const { id } = await users.create(tenant, aUser({ userName }), defaultRules);
      const found = await users.find(tenant, { attribute: "userName", value: userName });
      expect(found?.map((user) => user.id)).toEqual([id]);
    }
    const decomposed = { attribute: "userName", value: "E\u0301" } as const;
    expect(await users.find(tenant, decomposed)).toHaveLength(1);
  });
});
