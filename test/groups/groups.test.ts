import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { JsonObject } from "../../lambdas/scim/json.ts";
import { groupUrn, patchOpUrn } from "../../lambdas/scim/urns.ts";
import { aService, type Service } from "../support/service.ts";
import { aUser } from "../support/store.ts";

let service: Service;
beforeAll(async () => {
  service = await aService();
});
afterAll(() => service.stop());

async function aClient() {
  const { token } = await service.tenant();
  const get = (id: unknown, query = {}) =>
    service.send("GET /Groups/{id}", { token, query }, `${id}`);
  return {
    token,
    get,
    users: async (count: number) => {
      const created = Array.from({ length: count }, () =>
        service.send("POST /Users", { token, body: aUser() }),
      );
      return (await Promise.all(created)).map(({ body }) => `${body.id}`).toSorted();
    },
    create: (displayName: string, members: readonly string[] = []) =>
      service.send("POST /Groups", {
        token,
        body: { schemas: [groupUrn], displayName, members: members.map((value) => ({ value })) },
      }),
    patch: (id: unknown, ...operations: JsonObject[]) =>
      service.send(
        "PATCH /Groups/{id}",
        { token, body: { schemas: [patchOpUrn], Operations: operations } },
        `${id}`,
      ),
    list: (query = {}) => service.send("GET /Groups", { token, query }),
    members: async (id: unknown) => {
      const { body } = await get(id);
      return (body.members as { value: string }[]).map(({ value }) => value).toSorted();
    },
  };
}

describe("a group", () => {
  test("is created empty, and shows its members unless they are excluded", async () => {
    const { create, get, list } = await aClient();
    const { status, body } = await create("Sales");
    expect(status).toBe(201);
    expect(body).toMatchObject({ schemas: [groupUrn], displayName: "Sales", members: [] });

    const excluded = { excludedAttributes: "members" };
    expect((await get(body.id, excluded)).body).not.toHaveProperty("members");
    const filter = 'displayName eq "SALES"';
    const { Resources } = (await list({ ...excluded, filter })).body;
    expect(Resources).toEqual([(await get(body.id, excluded)).body]);
    expect((await list({ filter })).body.Resources).toEqual([body]);
  });

  test("shows of each member who and what it is, and where", async () => {
    const { create, get, users } = await aClient();
    const [user = ""] = await users(1);
    const child = await create("child");
    const { body } = await create("parent", [user, `${child.body.id}`]);
    const base = "https://scim.example.com/prod/scim/v2";
    expect((await get(body.id)).body.members).toEqual(
      expect.arrayContaining([
        {
          value: user,
          type: "User",
          $ref: `${base}/Users/${user}`,
          // A user without a displayName goes by its userName.
          display: expect.stringMatching(/^user-.*@example\.com$/),
        },
        {
          value: child.body.id,
          type: "Group",
          $ref: `${base}/Groups/${child.body.id}`,
          display: "child",
        },
      ]),
    );
  });

  test("of a name that another has is refused with 409, also on rename", async () => {
    const { create, get, patch } = await aClient();
    await create("Sales");
    expect(await create("sALES")).toMatchObject({ status: 409, body: { scimType: "uniqueness" } });
    const { body } = await create("Support");
    const answer = await patch(body.id, { op: "replace", path: "displayName", value: "SALES" });
    expect(answer).toMatchObject({ status: 409, body: { scimType: "uniqueness" } });
    expect((await get(body.id)).body).toEqual(body);
  });

  test("cannot lose its name", async () => {
    const { create, get, patch } = await aClient();
    const { body } = await create("Sales");
    await patch(body.id, { op: "remove", path: "displayName" });
    await patch(body.id, { op: "replace", path: "displayName", value: "" });
    expect((await get(body.id)).body.displayName).toBe("Sales");
  });
});

describe("members", () => {
  test("change with the attributes in one request, or not at all", async () => {
    const { create, get, patch, users, members } = await aClient();
    const [a = "", b = ""] = await users(2);
    const { body } = await create("Old", [a]);

    const rename = { op: "replace", path: "displayName", value: "New" };
    const add = (value: string) => ({ op: "add", path: "members", value: [{ value }] });
    const refused = await patch(body.id, rename, add(b), add("nobody"));
    expect(refused).toMatchObject({ status: 400, body: { scimType: "invalidValue" } });
    expect((await get(body.id)).body).toEqual(body);

    expect((await patch(body.id, rename, add(b))).status).toBe(204);
    expect((await get(body.id)).body.displayName).toBe("New");
    expect(await members(body.id)).toEqual([a, b]);
  });

  test("a rename without members leaves them alone", async () => {
    const { create, patch, users, members } = await aClient();
    const ids = await users(3);
    const { body } = await create("Old", ids);
    await patch(body.id, { op: "replace", value: { displayName: "New" } });
    await patch(body.id, { op: "Replace", path: "externalId", value: "x" });
    expect(await members(body.id)).toEqual(ids);
  });

  test("1,500 operations of one member each are one change", async () => {
    const { create, patch, users, members } = await aClient();
    const ids = await users(300);
    const { body } = await create("g");
    const add = ids.map((value) => ({ op: "Add", path: "members", value: [{ value }] }));
    const remove = ids
      .slice(0, 150)
      .map((value) => ({ op: "Remove", path: "members", value: [{ value }] }));
    const again = [...add, ...remove, ...add, ...remove];
    expect((await patch(body.id, ...again, ...add, ...remove)).status).toBe(204);
    expect(await members(body.id)).toEqual(ids.slice(150));
  });

  test("a PUT replaces them, and a PUT without any empties the group", async () => {
    const { token, create, users, members } = await aClient();
    const ids = await users(4);
    const { body } = await create("g", ids.slice(0, 3));
    const put = (members?: readonly string[]) =>
      service.send(
        "PUT /Groups/{id}",
        {
          token,
          body: {
            schemas: [groupUrn],
            displayName: "g",
            ...(members && { members: members.map((value) => ({ value })) }),
          },
        },
        `${body.id}`,
      );
    const answer = await put(ids.slice(2));
    expect(answer.status).toBe(200);
    expect(await members(body.id)).toEqual(ids.slice(2));
    await put();
    expect(await members(body.id)).toEqual([]);
  });

  test.each([
    [`id eq "GROUP" and members eq "USER"`, 1],
    [`members.value eq "USER" and id eq "GROUP"`, 1],
    [`id eq "GROUP" and members eq "OTHER"`, 0],
    [`members[value eq "USER"]`, 1],
    [`members eq "USER"`, 1],
  ])("the reference check %s finds %i", async (form, found) => {
    const { create, list, users } = await aClient();
    const [user = "", other = ""] = await users(2);
    const { body } = await create("g", [user]);
    const filter = form
      .replace("GROUP", `${body.id}`)
      .replace("USER", user)
      .replace("OTHER", other);
    const answer = await list({ filter, excludedAttributes: "members" });
    expect(answer.body).toMatchObject({ totalResults: found });
    expect(JSON.stringify(answer.body.Resources)).not.toContain("members");
  });
});
