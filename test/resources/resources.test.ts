import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { routesOf } from "../../lambdas/routes.ts";
import type { JsonObject } from "../../lambdas/scim/json.ts";
import { patchOpUrn, userUrn } from "../../lambdas/scim/urns.ts";
import { badgeUrn, deploymentTypes, deviceUrn, warrantyUrn } from "../support/deployment-types.ts";
import { aService, type Service } from "../support/service.ts";
import { aUser, itemsOf } from "../support/store.ts";

let service: Service;
beforeAll(async () => {
  service = await aService({}, deploymentTypes);
});
afterAll(() => service.stop());

const aDevice = (over: JsonObject = {}): JsonObject => ({
  schemas: [deviceUrn, warrantyUrn],
  displayName: "Scanner",
  [warrantyUrn]: { contract: "C-1" },
  ...over,
});

/** A device with a value of every attribute that a client can set. */
const everyKind = aDevice({
  serialNumber: "sn-1",
  slots: 4,
  weight: 1.5,
  managed: true,
  purchasedAt: "2026-01-31T08:00:00+01:00",
  certificate: "MIIB",
  manual: "https://example.com/manual",
  location: { building: "B", site: "S", floor: -1, height: 0.5, outdoors: false },
  tags: ["a", "b"],
  channels: [1, 2],
  voltages: [1.5, 12],
  serviceDates: ["2026-02-01T00:00:00Z"],
  publicKeys: ["AAAA", "BBBB"],
  usedBy: ["https://example.com/Users/1"],
  ports: [{ value: "aa:bb", type: "ethernet", primary: true, number: 1 }],
  model: "M1",
  assetTag: "T-1",
  status: "in use",
});

async function aClient(settings: object = {}) {
  const { tenant, token } = await service.tenant(undefined, settings);
  const send = (route: string, body?: unknown, id = "", query: Record<string, string> = {}) =>
    service.send(route, { token, body, query }, id);
  return {
    tenant,
    create: (over: JsonObject = {}) => send("POST /Devices", aDevice(over)),
    get: (id: unknown, query = {}) => send("GET /Devices/{id}", undefined, `${id}`, query),
    put: (id: unknown, body: JsonObject) => send("PUT /Devices/{id}", body, `${id}`),
    patch: (id: unknown, ...Operations: readonly object[]) =>
      send("PATCH /Devices/{id}", { schemas: [patchOpUrn], Operations }, `${id}`),
    remove: (id: unknown) => send("DELETE /Devices/{id}", undefined, `${id}`),
    list: (query: Record<string, string>) => send("GET /Devices", undefined, "", query),
    send,
  };
}

describe("a resource of an added type", () => {
  test("is kept with a value of every kind, and shown as it was sent", async () => {
    const { create, get } = await aClient();
    const created = await create(everyKind);
    expect(created.status).toBe(201);
    const { id } = created.body;
    const location = `https://scim.example.com/prod/scim/v2/Devices/${id}`;
    const expected = {
      ...everyKind,
      id,
      meta: expect.objectContaining({ resourceType: "Device", location, version: 'W/"1"' }),
    };
    expect(created.body).toEqual(expected);
    expect(created.headers).toMatchObject({ Location: location, ETag: 'W/"1"' });
    expect((await get(id)).body).toEqual(expected);
  });

  test.each<[string, JsonObject, string]>([
    ["a required attribute", { displayName: "" }, "displayName"],
    ["a required extension", { [warrantyUrn]: null }, warrantyUrn],
    [
      "a required attribute of an extension",
      { [warrantyUrn]: { endsAt: "2030-01-01T00:00:00Z" } },
      "contract",
    ],
    ["an integer", { slots: 1.5 }, "slots"],
    ["a decimal", { weight: "heavy" }, "weight"],
    ["a decimal that can be kept", { weight: 1e30 }, "weight"],
    ["a decimal that is not too small", { weight: 5e-324 }, "weight"],
    ["decimals that can be kept", { voltages: [1, -1e21] }, "voltages"],
    ["a boolean", { managed: "perhaps" }, "managed"],
    ["a time", { purchasedAt: "yesterday" }, "purchasedAt"],
    ["a time of a list", { serviceDates: ["2026-02-30T00:00:00Z"] }, "serviceDates"],
    ["base64", { certificate: "no base64!" }, "certificate"],
    ["a complex value", { location: "here" }, "location"],
    ["one primary", { ports: [{ value: "a", primary: 1 }] }, "primary"],
  ])("without %s is refused by name, and nothing is kept", async (_, over, named) => {
    const { create, list } = await aClient({ strictness: "rfc" });
    const { status, body } = await create(over);
    expect(status).toBe(400);
    expect(body).toMatchObject({
      scimType: "invalidValue",
      detail: expect.stringContaining(named),
    });
    expect((await list({})).body.totalResults).toBe(0);
  });

  test("keeps what may only be written, and shows and finds it never", async () => {
    const { tenant, create, get, list } = await aClient();
    const { body } = await create({ pin: "4711" });
    const shown = await get(body.id, { attributes: "pin,displayName" });
    expect(JSON.stringify([body, shown.body])).not.toContain("4711");
    expect((await list({ filter: 'pin eq "4711"' })).status).toBe(400);
    expect((await list({ sortBy: "pin" })).status).toBe(400);
    expect(JSON.stringify(await itemsOf(tenant))).toContain("4711");
  });

  test("shows what is returned on request when it is asked for or has just been written", async () => {
    const { create, get, put, patch } = await aClient();
    const { body } = await create({ notes: "long" });
    expect(body).toMatchObject({ notes: "long" });
    const replaced = await put(body.id, aDevice({ notes: "long", status: "retired" }));
    expect(replaced.body).toMatchObject({ notes: "long" });
    expect((await get(body.id)).body).not.toHaveProperty("notes");
    expect((await get(body.id, { attributes: "notes" })).body).toMatchObject({ notes: "long" });
    const patched = await patch(body.id, { op: "replace", path: "status", value: "stored" });
    expect(patched.body).not.toHaveProperty("notes");
  });

  test("shows what is always returned, whatever is asked for", async () => {
    const { create, get } = await aClient();
    const { body } = await create({ assetTag: "T" });
    for (const query of [{ attributes: "status" }, { excludedAttributes: "assetTag" }])
      expect((await get(body.id, query)).body).toMatchObject({ id: body.id, assetTag: "T" });
  });

  test("takes nothing that the service sets, and no other value of what is set once", async () => {
    const { create, get, put, patch } = await aClient({ strictness: "rfc" });
    const { body } = await create({ firmware: "1", model: "M1", location: { site: "S" } });
    expect(body).not.toHaveProperty("firmware");
    for (const operation of [
      { op: "replace", path: "model", value: "M2" },
      { op: "remove", path: "model" },
      { op: "replace", path: "location.site", value: "T" },
      { op: "add", path: "firmware", value: "2" },
    ])
      expect(await patch(body.id, operation)).toMatchObject({
        status: 400,
        body: { scimType: "mutability" },
      });
    expect(await put(body.id, aDevice({ model: "M2" }))).toMatchObject({
      status: 400,
      body: { scimType: "mutability" },
    });
    const replaced = await put(body.id, aDevice({ displayName: "New" }));
    expect(replaced.body).toMatchObject({
      displayName: "New",
      model: "M1",
      location: { site: "S" },
    });
    expect((await get(body.id)).body).toEqual(replaced.body);
  });

  test("has a value for itself alone where its schema says so, in its own tenant", async () => {
    const { create, patch, remove } = await aClient();
    const other = await aClient();
    const { body: first } = await create({ serialNumber: "sn" });
    const { body: second } = await create({ serialNumber: "SN" });
    expect(second).toMatchObject({ serialNumber: "SN" });
    expect((await other.create({ serialNumber: "sn" })).status).toBe(201);

    const conflict = { status: 409, body: { scimType: "uniqueness" } };
    expect(await create({ serialNumber: "sn" })).toMatchObject(conflict);
    const take = { op: "replace", path: "serialNumber", value: "sn" };
    expect(await patch(second.id, take)).toMatchObject(conflict);
    expect((await remove(first.id)).status).toBe(204);
    expect((await patch(second.id, take)).status).toBe(200);
    expect((await create({ serialNumber: "SN" })).status).toBe(201);
  });

  test("is one of racing creates of the same unique value", async () => {
    const { create, list } = await aClient();
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => create({ serialNumber: "one" })),
    );
    const refused = answers.filter(({ status }) => status === 409);
    expect(refused).toHaveLength(9);
    expect((await list({})).body.totalResults).toBe(1);
  });

  test.each([
    ['serialNumber eq "sn-1"', 1],
    ['serialNumber eq "SN-1"', 0],
    ['externalId eq "x"', 0],
    ['displayName eq "SCANNER"', 1],
    ["slots gt 3 and slots le 4", 1],
    ["weight lt 1.5", 0],
    ["managed eq true", 1],
    ['purchasedAt eq "2026-01-31T07:00:00Z"', 1],
    ['certificate eq "MIIB"', 1],
    ['manual sw "https://"', 1],
    ["location.floor lt 0", 1],
    ['tags eq "B"', 1],
    ["channels eq 2", 1],
    ["voltages ge 12", 1],
    ['serviceDates lt "2026-03-01T00:00:00Z"', 1],
    ['publicKeys eq "BBBB"', 1],
    ['ports[type eq "ethernet" and number eq 1]', 1],
    ['ports[type eq "usb"]', 0],
    [`${warrantyUrn}:contract sw "c-"`, 1],
    ["model pr and not (firmware pr)", 1],
  ])("is found by %s", async (filter, totalResults) => {
    const { create, list } = await aClient();
    await create(everyKind);
    expect((await list({ filter })).body).toMatchObject({ totalResults });
  });

  test("is sorted, paged and searched like any other", async () => {
    const { create, list, send } = await aClient();
    for (const slots of [10, 9, 100]) await create({ slots, displayName: `d${slots}` });
    const { body } = await list({ sortBy: "slots", count: "2", attributes: "slots" });
    expect(body).toMatchObject({
      totalResults: 3,
      Resources: [{ slots: 9 }, { slots: 10 }],
    });
    const filter = 'displayName eq "d100"';
    const search = { schemas: ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"], filter };
    for (const route of ["POST /Devices/.search", "POST /.search"])
      expect((await send(route, search)).body).toMatchObject({
        totalResults: 1,
        Resources: [{ slots: 100, meta: { resourceType: "Device" } }],
      });
  });

  test("is found by a text that it has left empty, and by no other's", async () => {
    const { create, list } = await aClient({ strictness: "rfc" });
    await create({ externalId: "", serialNumber: "" });
    await create({ externalId: "x" });
    for (const filter of ['externalId eq ""', 'serialNumber eq ""'])
      expect((await list({ filter })).body).toMatchObject({ totalResults: 1 });
  });

  test("can be made by a bulk request", async () => {
    const { send, list } = await aClient();
    const Operations = [{ method: "POST", path: "/Devices", bulkId: "d", data: aDevice() }];
    const schemas = ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"];
    const { body } = await send("POST /Bulk", { schemas, Operations });
    expect(body).toMatchObject({ Operations: [{ status: "201", bulkId: "d" }] });
    expect((await list({})).body.totalResults).toBe(1);
  });

  test("keeps version and time through a change that changes nothing", async () => {
    const { create, put, patch } = await aClient();
    const { body } = await create({ tags: ["a", "b"] });
    const again = await put(body.id, aDevice({ tags: ["b", "a"] }));
    expect(again.body).toEqual(body);
    const added = await patch(body.id, { op: "add", path: "tags", value: ["A"] });
    expect(added.body).toEqual(body);
  });

  test("needs the scopes of added types, which are not those of users", async () => {
    for (const [route, scope] of routesOf("/Devices").map(
      (one) => [one, /^GET|search/.test(one) ? "resources:read" : "resources:write"] as const,
    )) {
      const { token } = await service.tenant(["users:read", "users:write", "groups:read"]);
      const { status, body } = await service.send(route, { token, body: aDevice() }, "x");
      expect(status).toBe(403);
      expect(body.detail).toContain(scope);
    }
  });

  test("is in discovery with its schemas", async () => {
    const { send } = await aClient();
    const { body } = await send("GET /ResourceTypes", undefined);
    expect(body.Resources).toContainEqual(
      expect.objectContaining({
        id: "Device",
        endpoint: "/Devices",
        schema: deviceUrn,
        schemaExtensions: [{ schema: warrantyUrn, required: true }],
      }),
    );
    const schema = (await send("GET /Schemas/{id}", undefined, deviceUrn)).body;
    expect(schema.attributes).toContainEqual(
      expect.objectContaining({ name: "serialNumber", caseExact: true, uniqueness: "server" }),
    );
  });
});

describe("an extension that a deployment adds to users", () => {
  test("is kept, typed, unique where it says so, and found", async () => {
    const { send } = await aClient();
    const user = (badge: object) => send("POST /Users", aUser({ [badgeUrn]: { ...badge } }));
    const created = await user({ badgeNumber: "7", level: "3", zones: ["a"] });
    // Entra sends numbers as text; the schema says what they are.
    expect(created.body).toMatchObject({
      schemas: [userUrn, badgeUrn],
      [badgeUrn]: { badgeNumber: "7", level: 3, zones: ["a"] },
    });
    expect(await user({ badgeNumber: "7" })).toMatchObject({ status: 409 });
    expect(await user({ level: "high" })).toMatchObject({ status: 400 });
    const filter = `${badgeUrn}:badgeNumber eq "7"`;
    const found = await send("GET /Users", undefined, "", { filter });
    expect(found.body).toMatchObject({ totalResults: 1, Resources: [{ id: created.body.id }] });
  });
});
