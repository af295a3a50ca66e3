import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { JsonObject } from "../../lambdas/scim/json.ts";
import { listResponseUrn, searchRequestUrn, userUrn } from "../../lambdas/scim/urns.ts";
import { aService, type Service } from "../support/service.ts";

let service: Service;
beforeAll(async () => {
  service = await aService();
});
afterAll(() => service.stop());

/** A tenant with five users and two groups that hold them all. */
async function aClient() {
  const { token } = await service.tenant();
  const members: JsonObject[] = [];
  for (const userName of ["u0", "u1", "u2", "u3", "u4"]) {
    const body = { schemas: [userUrn], userName };
    const created = await service.send("POST /Users", { token, body });
    members.push({ value: created.body.id ?? null });
  }
  for (const displayName of ["g0", "g1"])
    await service.send("POST /Groups", { token, body: { displayName, members } });
  const list = (query: Readonly<Record<string, string>>, endpoint = "Users") =>
    service.send(`GET /${endpoint}`, { token, query });
  return { token, list };
}

const namesOf = (body: JsonObject) =>
  (body.Resources as readonly JsonObject[]).map(
    ({ userName, displayName }) => userName ?? displayName,
  );

test("an empty cursor begins, the next leads on, and the last page has none (RFC 9865)", async () => {
  const { token, list } = await aClient();
  const first = await list({ cursor: "", count: "3" });
  expect(first).toMatchObject({ status: 200, body: { totalResults: 5, itemsPerPage: 3 } });
  expect(first.body.schemas).toEqual([listResponseUrn]);
  expect(Object.keys(first.body)).not.toContain("startIndex");
  expect(Object.keys(first.body)).not.toContain("previousCursor");

  const cursor = String(first.body.nextCursor);
  const second = await list({ cursor, count: "3" });
  expect([...namesOf(first.body), ...namesOf(second.body)]).toEqual(["u0", "u1", "u2", "u3", "u4"]);
  expect(Object.keys(second.body)).not.toContain("nextCursor");

  const body = { schemas: [searchRequestUrn], cursor, count: 3 };
  const searched = await service.send("POST /Users/.search", { token, body });
  // A cursor tells the second in which it was given.
  expect({ ...searched.body, previousCursor: "" }).toEqual({ ...second.body, previousCursor: "" });
  const back = await list({ cursor: String(second.body.previousCursor), count: "3" });
  expect(namesOf(back.body)).toEqual(namesOf(first.body));
});

test("a list that is not asked for by cursor goes by index, and holds no cursor", async () => {
  const { list } = await aClient();
  for (const query of [{}, { count: "2" }, { startIndex: "2" }]) {
    const names = Object.keys((await list(query)).body);
    expect(names).toContain("startIndex");
    expect(names.filter((name) => name.endsWith("Cursor"))).toEqual([]);
  }
});

test("users are sorted, by a custom attribute too", async () => {
  const { token, list } = await aClient();
  const urn = "urn:ietf:params:scim:schemas:extension:Custom:2.0:User";
  for (const [userName, rank] of [
    ["c0", "b"],
    ["c1", "a"],
  ]) {
    const body = { schemas: [userUrn, urn], userName, [urn]: { rank } };
    await service.send("POST /Users", { token, body });
  }
  const { body } = await list({ sortBy: `${urn}:rank`, count: "3" });
  expect(namesOf(body)).toEqual(["c1", "c0", "u0"]);
  const { body: last } = await list({ sortBy: "userName", sortOrder: "descending", count: "1" });
  expect(namesOf(last)).toEqual(["u4"]);
});

test("groups are paged by cursor and sorted, by their members too", async () => {
  const { list } = await aClient();
  const first = await list({ cursor: "", count: "1", sortBy: "members" }, "Groups");
  expect(first.body).toMatchObject({ totalResults: 2, Resources: [{ displayName: "g0" }] });
  const cursor = String(first.body.nextCursor);
  const { body } = await list({ cursor, count: "1", sortBy: "members" }, "Groups");
  expect(body).toMatchObject({ totalResults: 2, Resources: [{ displayName: "g1" }] });
});

test("a cursor is good for its own list and no other's", async () => {
  const [mine, other] = [await aClient(), await aClient()];
  const cursor = String((await mine.list({ cursor: "", count: "1" })).body.nextCursor);
  for (const answer of [
    await mine.list({ cursor, count: "1" }, "Groups"),
    await mine.list({ cursor, count: "1", filter: "userName pr" }),
    await other.list({ cursor, count: "1" }),
    await mine.list({ cursor: `${cursor}x`, count: "1" }),
  ])
    expect(answer).toMatchObject({ status: 400, body: { scimType: "invalidCursor" } });
});
