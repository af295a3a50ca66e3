import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type LocalRun, startLocalRun } from "../support/local-run.ts";

let run: LocalRun;
beforeAll(async () => {
  run = await startLocalRun({ args: ["-c", "schemas=test/fixtures/schemas"] });
}, 120_000);
afterAll(() => run.stop());

const badge = "urn:example:params:scim:schemas:extension:2.0:Badge";
const device = "urn:example:params:scim:schemas:2.0:Device";
const warranty = "urn:example:params:scim:schemas:extension:2.0:Warranty";

const post = (path: string, body: object) =>
  run.request(path, { method: "POST", body: JSON.stringify(body) });

test("a resource of an added type is created and found at its endpoint", async () => {
  const created = await post("/Devices", {
    schemas: [device, warranty],
    displayName: "Scanner",
    serialNumber: "S-1",
    [warranty]: { contract: "C-1" },
  });
  expect(created.status).toBe(201);
  const found = await run.request(`/Devices?filter=${encodeURIComponent('serialNumber eq "S-1"')}`);
  expect(await found.json()).toMatchObject({
    totalResults: 1,
    Resources: [{ displayName: "Scanner", meta: { resourceType: "Device" } }],
  });
});

test("a required extension that is missing is asked for", async () => {
  const refused = await post("/Devices", { schemas: [device], displayName: "Printer" });
  expect(refused.status).toBe(400);
  expect(await refused.json()).toMatchObject({ detail: expect.stringContaining(warranty) });
});

test("a user has the extension that was added, with its types", async () => {
  const user = (userName: string, level: unknown) =>
    post("/Users", {
      schemas: ["urn:ietf:params:scim:schemas:core:2.0:User", badge],
      userName,
      [badge]: { badgeNumber: "B-17", level },
    });
  expect((await user("ada", "high")).status).toBe(400);
  const created = await user("ada", 3);
  expect(await created.json()).toMatchObject({ [badge]: { badgeNumber: "B-17", level: 3 } });
  expect((await user("grace", 3)).status).toBe(409);
});

test("discovery shows what was added", async () => {
  const types = await run.request("/ResourceTypes/Device");
  expect(await types.json()).toMatchObject({
    endpoint: "/Devices",
    schemaExtensions: [{ schema: warranty, required: true }],
  });
  for (const id of [badge, device, warranty])
    expect((await run.request(`/Schemas/${id}`)).status).toBe(200);
});
