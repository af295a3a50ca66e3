import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { enterpriseUserUrn, groupUrn, patchOpUrn, userUrn } from "../../lambdas/scim/urns.ts";
import { aService, type Service } from "../support/service.ts";
import { aUser } from "../support/store.ts";

let service: Service;
beforeAll(async () => {
  service = await aService();
});
afterAll(() => service.stop());

const send = async (settings: object, route: string, operation?: object) => {
  const { token } = await service.tenant(undefined, settings);
  const { body } = await service.send("POST /Users", { token, body: aUser() });
  const patch = { schemas: [patchOpUrn], Operations: [operation] };
  return service.send(route, { token, body: operation && patch }, String(body.id));
};

const customUrn = "urn:ietf:params:scim:schemas:extension:acme:2.0:User";

describe("what Entra sends against the RFCs", () => {
  test.each([
    ["a boolean as text", { op: "Replace", path: "active", value: "False" }, "invalidValue"],
    [
      "a replace of a value that is not there",
      { op: "replace", path: 'emails[type eq "work"].value', value: "x@y.z" },
      "noTarget",
    ],
    ["an unknown attribute", { op: "add", path: "favourite", value: "x" }, "invalidPath"],
    [
      "an undeclared extension",
      { op: "add", path: `${customUrn}:code`, value: "x" },
      "invalidPath",
    ],
    ["the id", { op: "replace", path: "id", value: "x" }, "mutability"],
    [
      "an attribute of an extension without its URN",
      { op: "add", path: "department", value: "x" },
      "invalidPath",
    ],
    [
      "a key that is a path with a filter",
      { op: "add", value: { 'emails[type eq "work"].value': "x" } },
      "invalidPath",
    ],
    ["a remove that finds nothing", { op: "remove", path: 'emails[type eq "x"]' }, "noTarget"],
    ["a remove of what is required", { op: "remove", path: "userName" }, "mutability"],
  ])("%s is understood, and refused where the tenant is strict", async (_, operation, scimType) => {
    expect((await send({}, "PATCH /Users/{id}", operation)).status).toBe(200);
    const strict = await send({ strictness: "rfc" }, "PATCH /Users/{id}", operation);
    expect(strict).toMatchObject({ status: 400, body: { scimType } });
  });

  test("in a new user is understood, and refused where the tenant is strict", async () => {
    const lenient = await service.tenant();
    const strict = await service.tenant(undefined, { strictness: "rfc" });
    const body = { ...aUser(), active: "True", department: "Sales" };
    const created = await service.send("POST /Users", { token: lenient.token, body });
    expect(created.body).toMatchObject({
      active: true,
      [enterpriseUserUrn]: { department: "Sales" },
    });
    const refused = await service.send("POST /Users", { token: strict.token, body });
    expect(refused).toMatchObject({ status: 400, body: { scimType: "invalidValue" } });
  });

  test("of schemas that nobody knows is left out, but a group is no user", async () => {
    const { token } = await service.tenant();
    const unknown = "http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/User";
    const created = await service.send("POST /Users", {
      token,
      body: { ...aUser(), schemas: [unknown] },
    });
    expect(created).toMatchObject({ status: 201, body: { schemas: [userUrn] } });
    const group = { ...aUser(), schemas: [groupUrn] };
    expect((await service.send("POST /Users", { token, body: group })).status).toBe(400);
  });
});

test("a member that is not there is removed with success, and no target where the tenant is strict", async () => {
  for (const [settings, status] of [
    [{}, 204],
    [{ strictness: "rfc" }, 400],
  ] as const) {
    const { token } = await service.tenant(undefined, settings);
    const user = String((await service.send("POST /Users", { token, body: aUser() })).body.id);
    const body = { schemas: [groupUrn], displayName: "g" };
    const group = String((await service.send("POST /Groups", { token, body })).body.id);
    const send = (...Operations: readonly object[]) =>
      service.send(
        "PATCH /Groups/{id}",
        { token, body: { schemas: [patchOpUrn], Operations } },
        group,
      );
    const remove = { op: "remove", path: `members[value eq "${user}"]` };
    const replace = { op: "replace", path: remove.path, value: { value: user } };
    const add = { op: "add", path: "members", value: [{ value: user }] };
    for (const operation of [remove, replace]) {
      const answer = await send(operation);
      expect(answer.status).toBe(status);
      if (status === 400) expect(answer.body.scimType).toBe("noTarget");
    }
    expect((await send(add, remove)).status).toBe(204);
    expect((await send(add)).status).toBe(204);
    expect((await send(remove)).status).toBe(204);
  }
});

test("a group without members shows none, as an empty list or, where the tenant is strict, not at all", async () => {
  const shown = [];
  for (const settings of [{}, { strictness: "rfc" }]) {
    const { token } = await service.tenant(undefined, settings);
    const body = { schemas: [groupUrn], displayName: "g" };
    const { id } = (await service.send("POST /Groups", { token, body })).body;
    shown.push((await service.send("GET /Groups/{id}", { token }, String(id))).body);
  }
  expect(shown[0]).toMatchObject({ members: [] });
  expect(shown[1]).not.toHaveProperty("members");
});

describe("a PATCH is answered", () => {
  const title = { op: "replace", path: "title", value: "x" };

  test("by the user, or by 204 where the tenant wants that", async () => {
    expect(await send({}, "PATCH /Users/{id}", title)).toMatchObject({
      status: 200,
      body: { title: "x" },
    });
    const settings = { patchAnswers: { users: "noContent" } };
    const answer = await send(settings, "PATCH /Users/{id}", title);
    expect(answer).toMatchObject({ status: 204, body: undefined });
    expect(answer.headers.ETag).toBe('W/"2"');
  });

  test("by what the client names, whatever the tenant wants", async () => {
    const { token } = await service.tenant(undefined, { patchAnswers: { users: "noContent" } });
    const user = (await service.send("POST /Users", { token, body: aUser() })).body;
    const group = (
      await service.send("POST /Groups", {
        token,
        body: { schemas: [groupUrn], displayName: "g" },
      })
    ).body;
    const query = { attributes: "displayName,members.value" };
    const rename = {
      schemas: [patchOpUrn],
      Operations: [{ op: "replace", path: "displayName", value: "n" }],
    };
    const answer = await service.send(
      "PATCH /Users/{id}",
      { token, query, body: rename },
      String(user.id),
    );
    expect(answer).toMatchObject({ status: 200, body: { id: user.id, displayName: "n" } });
    expect(answer.body).not.toHaveProperty("userName");

    const join = {
      schemas: [patchOpUrn],
      Operations: [{ op: "add", path: "members", value: [{ value: user.id }] }],
    };
    const joined = await service.send(
      "PATCH /Groups/{id}",
      { token, query, body: join },
      String(group.id),
    );
    expect(joined).toMatchObject({
      status: 200,
      body: { displayName: "g", members: [{ value: user.id }] },
    });
  });

  test("for a group by 204, or by the group where the tenant wants that", async () => {
    const answers = [];
    for (const settings of [{}, { patchAnswers: { groups: "resource" } }]) {
      const { token } = await service.tenant(undefined, settings);
      const body = { schemas: [groupUrn], displayName: "g" };
      const group = (await service.send("POST /Groups", { token, body })).body;
      const patch = { schemas: [patchOpUrn], Operations: [{ ...title, path: "displayName" }] };
      const sent = { token, body: patch };
      answers.push(await service.send("PATCH /Groups/{id}", sent, String(group.id)));
    }
    expect(answers).toMatchObject([
      { status: 204, body: undefined, headers: { ETag: 'W/"2"' } },
      { status: 200, body: { displayName: "x" } },
    ]);
  });
});
