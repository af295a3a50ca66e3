import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { JsonObject } from "../../lambdas/scim/json.ts";
import { bulkRequestUrn, enterpriseUserUrn, patchOpUrn, userUrn } from "../../lambdas/scim/urns.ts";
import { userStore } from "../../lambdas/store/dynamodb/users.ts";
import { aService, type Service } from "../support/service.ts";
import { aUser, defaultRules, testTable } from "../support/store.ts";

let service: Service;
beforeAll(async () => {
  service = await aService();
});
afterAll(() => service.stop());

async function aClient(settings: object) {
  const { tenant, token } = await service.tenant(undefined, settings);
  const send = (route: string, body?: unknown, id?: unknown, query = {}) =>
    service.send(route, { token, body, query }, id === undefined ? undefined : String(id));
  return {
    send,
    post: (over: JsonObject) => send("POST /Users", aUser(over)),
    get: async (id: unknown) => (await send("GET /Users/{id}", undefined, id)).body,
    put: (id: unknown, over: JsonObject) => send("PUT /Users/{id}", aUser(over), id),
    patch: (id: unknown, ...Operations: JsonObject[]) =>
      send("PATCH /Users/{id}", { schemas: [patchOpUrn], Operations }, id),
    /** One that was there before the tenant had rules. */
    earlier: (over: JsonObject) => userStore(testTable()).create(tenant, aUser(over), defaultRules),
  };
}

const refusal = (detail: string) => ({
  status: 400,
  body: { scimType: "invalidValue", detail: expect.stringContaining(detail) },
});

describe("a required attribute", () => {
  const mail = { emails: [{ type: "work", value: "joy@example.com" }] };
  const path = 'emails[type eq "work"].value';
  const required = { requiredAttributes: [path, "name.familyName"] };
  const name = { familyName: "Young" };

  test("must be there to create a user, and may not be taken away", async () => {
    const { post, put, patch, get } = await aClient(required);
    expect(await post(mail)).toMatchObject(refusal("must have name.familyName; map"));
    expect(await post({})).toMatchObject(refusal(`must have ${path}, name.familyName; map`));

    const { status, body } = await post({ ...mail, name, title: "x" });
    expect(status).toBe(201);
    expect(await put(body.id, { name })).toMatchObject(refusal(path));
    // Entra clears what has no value any more.
    const cleared = { op: "Replace", path, value: "" };
    expect(await patch(body.id, cleared)).toMatchObject(refusal(path));
    const removed = { op: "Remove", path: "name.familyName" };
    const more = { op: "Replace", path: "title", value: "y" };
    expect(await patch(body.id, more, removed)).toMatchObject(refusal("name.familyName"));
    expect(await get(body.id)).toEqual(body);
    const changed = { op: "Replace", path, value: "new@example.com" };
    expect(await patch(body.id, changed, more)).toMatchObject({ status: 200 });
  });

  test("that was lacking before does not keep a user from being changed and disabled", async () => {
    const { patch, put, earlier } = await aClient(required);
    const { id, resource } = await earlier({ name });
    const disabled = { op: "Replace", path: "active", value: "False" };
    expect(await patch(id, disabled)).toMatchObject({ status: 200, body: { active: false } });
    expect(await patch(id, { op: "Remove", path: "name" })).toMatchObject(
      refusal("name.familyName"),
    );
    const userName = resource.userName ?? null;
    expect(await put(id, { userName, name, active: true })).toMatchObject({ status: 200 });
    expect(await put(id, { userName, ...mail })).toMatchObject(refusal("name.familyName"));
  });
});

describe.each(["entra", "rfc"])(
  "where strictness is %s, attributes that are not accepted",
  (strictness) => {
    const accepted = { strictness, acceptedAttributes: ["name.familyName", "emails"] };
    const sent = {
      schemas: [userUrn, enterpriseUserUrn],
      name: { familyName: "Young", givenName: "Joy" },
      title: "Dr",
      [enterpriseUserUrn]: { department: "Sales" },
    };

    test("are ignored, and users are found as without them", async () => {
      const { post, put, patch, get, send } = await aClient(accepted);
      const { status, body } = await post(sent);
      expect(status).toBe(201);
      expect(body).toMatchObject({
        schemas: [userUrn],
        name: { familyName: "Young" },
        active: true,
      });
      expect(Object.keys(body).toSorted()).toEqual([
        "active",
        "id",
        "meta",
        "name",
        "schemas",
        "userName",
      ]);

      expect((await put(body.id, { ...sent, userName: body.userName ?? null })).body).toEqual(body);
      const titled = await patch(
        body.id,
        { op: "replace", path: "title", value: "x" },
        { op: "add", path: `${enterpriseUserUrn}:department`, value: "x" },
        { op: "replace", value: { nickName: "J", "name.givenName": "J" } },
      );
      expect(titled).toMatchObject({ status: 200, headers: { ETag: 'W/"1"' } });
      expect(await get(body.id)).toEqual(body);

      const list = (filter: string) => send("GET /Users", undefined, undefined, { filter });
      expect((await list('title eq "Dr"')).body.totalResults).toBe(0);
      expect(
        (await list(`userName eq "${body.userName}" and not (title pr)`)).body.totalResults,
      ).toBe(1);
    });

    test("are refused by name where the tenant wants that, and nothing is applied", async () => {
      const { post, put, patch, get, send } = await aClient({
        ...accepted,
        otherAttributes: "refuse",
      });
      const names = `name.givenName, title, ${enterpriseUserUrn} cannot be kept`;
      expect(await post(sent)).toMatchObject(refusal(names));
      const { body } = await post({ name: { familyName: "Young" }, externalId: "x" });

      expect(await put(body.id, sent)).toMatchObject(refusal(names));
      const disabled = { op: "replace", path: "active", value: false };
      const titled = { op: "replace", path: "title", value: "x" };
      expect(await patch(body.id, disabled, titled)).toMatchObject(refusal("title cannot be kept"));
      expect(await get(body.id)).toEqual(body);
      const bulk = {
        method: "PATCH",
        path: `/Users/${body.id}`,
        data: { schemas: [patchOpUrn], Operations: [titled] },
      };
      const answer = await send("POST /Bulk", { schemas: [bulkRequestUrn], Operations: [bulk] });
      expect(answer.body.Operations).toMatchObject([
        { status: "400", response: { scimType: "invalidValue" } },
      ]);
      expect(await patch(body.id, disabled)).toMatchObject({
        status: 200,
        body: { active: false },
      });
    });
  },
);

test("Entra's spellings are understood before the rules are asked", async () => {
  const { post, patch } = await aClient({
    acceptedAttributes: ["emails", `${enterpriseUserUrn}:manager`],
    otherAttributes: "refuse",
  });
  const work = { type: "work", value: "joy@example.com" };
  const { status, body } = await post({ Active: "True", emails: [work] });
  expect(status).toBe(201);
  const manager = "26118915-6090-4610-87e4-49d8ca9f808d";
  const answer = await patch(
    body.id,
    { op: "Add", path: 'emails[type eq "home"].value', value: "home@example.com" },
    { op: "Add", path: `${enterpriseUserUrn}:manager`, value: manager },
    { op: "Replace", value: { Active: "False" } },
  );
  expect(answer.body).toMatchObject({
    active: false,
    emails: [work, { type: "home", value: "home@example.com" }],
    [enterpriseUserUrn]: { manager: { value: manager } },
  });
});
