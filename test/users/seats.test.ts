import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { bulkRequestUrn, patchOpUrn } from "../../lambdas/scim/urns.ts";
import { seats } from "../../lambdas/store/dynamodb/seats.ts";
import { audit } from "../support/audit.ts";
import { allTaken } from "../support/seats.ts";
import { aService, type Service } from "../support/service.ts";
import { aUser, testTable } from "../support/store.ts";

let service: Service;
beforeAll(async () => {
  service = await aService();
});
afterAll(() => service.stop());

/** A tenant with two seats, one of them taken, and another user that is disabled. */
async function aTenantWithSeats() {
  const limits = seats(testTable());
  const { tenant, token } = await service.tenant(undefined, { seatLimit: 2 });
  await limits.setLimit(tenant, 2);
  const send = (route: string, body?: unknown, id?: unknown) =>
    service.send(route, { token, body }, id === undefined ? undefined : String(id));
  const patch = (id: unknown, ...Operations: unknown[]) =>
    send("PATCH /Users/{id}", { schemas: [patchOpUrn], Operations }, id);
  const { body: on } = await send("POST /Users", aUser());
  const { body: off } = await send("POST /Users", aUser({ active: false }));
  return { tenant, send, patch, on, off, taken: async () => (await limits.read(tenant))?.taken };
}

const enabling = { op: "Replace", path: "active", value: "True" };
const disabling = { op: "Replace", path: "active", value: "False" };

const refused = {
  status: 400,
  body: {
    schemas: ["urn:ietf:params:scim:api:messages:2.0:Error"],
    status: "400",
    detail: allTaken(2).detail,
  },
};

test("a user beyond the limit is answered 400 with what Entra's log is to show, whichever way it comes", async () => {
  const { tenant, send, patch, off } = await aTenantWithSeats();
  expect(await send("POST /Users", aUser())).toMatchObject({ status: 201 });

  const created = await send("POST /Users", aUser());
  expect(created).toMatchObject(refused);
  expect(created.body.scimType).toBeUndefined();
  expect(await patch(off.id, enabling)).toMatchObject(refused);
  const whole = aUser({ userName: off.userName ?? null });
  expect(await send("PUT /Users/{id}", whole, off.id)).toMatchObject(refused);
  expect(await send("GET /Users/{id}", undefined, off.id)).toMatchObject({ body: off });
  expect(await audit(tenant)).toEqual([]);
});

test("who is disabled by Entra makes room, and enabling again takes it", async () => {
  const { tenant, patch, on, off, taken } = await aTenantWithSeats();
  expect(await patch(off.id, enabling)).toMatchObject({ status: 200 });
  expect(await taken()).toBe(2);
  expect(await patch(on.id, disabling)).toMatchObject({ status: 200 });
  expect(await taken()).toBe(1);
  // Entra says the same in every cycle.
  expect(await patch(on.id, disabling)).toMatchObject({ status: 200 });
  expect(await taken()).toBe(1);
  expect(await patch(on.id, enabling)).toMatchObject({ status: 200 });
  expect(await patch(on.id, enabling, disabling, enabling)).toMatchObject({ status: 200 });
  expect(await taken()).toBe(2);
  expect(await audit(tenant)).toEqual([]);
});

test("in a bulk request those come in for whom there is room, and a seat that one gives back the next takes", async () => {
  const { tenant, send, on, taken } = await aTenantWithSeats();
  const post = (bulkId: string) => ({ method: "POST", path: "/Users", bulkId, data: aUser() });
  const { body } = await send("POST /Bulk", {
    schemas: [bulkRequestUrn],
    Operations: [post("a"), post("b"), { method: "DELETE", path: `/Users/${on.id}` }, post("c")],
  });
  const results = body.Operations as { status: string; response?: object }[];
  expect(results.map(({ status }) => status)).toEqual(["201", "400", "204", "201"]);
  expect(results[1]?.response).toMatchObject(refused.body);
  expect(await taken()).toBe(2);
  expect(await audit(tenant)).toEqual([]);
});

test("an operator cannot restore a user for whom there is no seat, until there is one", async () => {
  const { tenant, send, on, taken } = await aTenantWithSeats();
  await send("DELETE /Users/{id}", undefined, on.id);
  const [{ body: one }] = [await send("POST /Users", aUser()), await send("POST /Users", aUser())];
  const restore = () => service.deployment.admin()({ action: "user.restore", tenant, id: on.id });

  expect(await restore()).toEqual({
    ok: false,
    error: { code: "seatsTaken", message: `${allTaken(2).detail} Nothing was changed.` },
  });
  await send("DELETE /Users/{id}", undefined, one.id);
  expect(await restore()).toMatchObject({ ok: true });
  expect(await taken()).toBe(2);
  expect(await audit(tenant)).toEqual([]);
});
