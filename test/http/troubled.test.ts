import { afterAll, beforeAll, expect, jest, test } from "@jest/globals";
import { audit } from "../support/audit.ts";
import { type TroubledDb, troubledDb } from "../support/faults.ts";
import { type Answer, aService, type Sent, type Service } from "../support/service.ts";
import { aGroup, aUser } from "../support/store.ts";

// The client's own pauses add up where much is refused.
jest.setTimeout(180_000);

let troubled: TroubledDb;
let service: Service;
beforeAll(async () => {
  const faults = { conflicts: 0.25, throttling: 0.2, lost: 0.15, lag: 300, seed: 21 };
  troubled = await troubledDb(faults);
  service = await aService({ db: troubled.db });
});
afterAll(async () => {
  await service.stop();
  await troubled.stop();
});

const patch = (...operations: object[]) => ({
  schemas: ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
  Operations: operations,
});

test("clients of a store in trouble see no error but what they can act on, and what they were told holds", async () => {
  const { tenant, token } = await service.tenant();
  const answers: Answer[] = [];
  /** Sends it again while the store is busy, as clients do. */
  const send = async (route: string, sent: Sent = {}, id = ""): Promise<Answer> => {
    for (let attempt = 0; ; attempt++) {
      const answer = await service.send(route, { token, ...sent }, id);
      answers.push(answer);
      if (answer.status !== 503 || attempt === 20) return answer;
    }
  };
  const created = await send("POST /Groups", { body: aGroup("everyone") });
  const found = await send("GET /Groups", { query: { filter: 'displayName eq "everyone"' } });
  expect(found.body.totalResults).toBe(1);
  // The group's id, also where its creation was answered 503 first and 409 then.
  const groupId = String(created.body.id ?? Object(found.body.Resources)[0].id);

  const lives = await Promise.all(
    Array.from({ length: 16 }, async (_, at) => {
      const userName = `troubled-${at}@example.com`;
      const body = aUser({ userName, externalId: `e-${at}` });
      await send("POST /Users", { body });
      const filter = `userName eq "${userName}"`;
      const { body: page } = await send("GET /Users", { query: { filter } });
      const id = String(Object(page.Resources)[0].id);
      const renamed = { op: "replace", path: "displayName", value: `Number ${at}` };
      const rename = await send("PATCH /Users/{id}", { body: patch(renamed) }, id);
      const join = { op: "add", path: "members", value: [{ value: id }] };
      const joined = await send("PATCH /Groups/{id}", { body: patch(join) }, groupId);
      await send("GET /Users", { query: { sortBy: "userName", count: "5" } });
      const read = await send("GET /Users/{id}", {}, id);
      if (at % 4 > 0) return { id, statuses: [rename.status, joined.status, read.status] };
      const gone = await send("DELETE /Users/{id}", {}, id);
      const after = await send("GET /Users/{id}", {}, id);
      return {
        id,
        statuses: [rename.status, joined.status, read.status, gone.status, after.status],
      };
    }),
  );

  const allowed = [200, 201, 204, 404, 409, 412, 429, 503];
  expect(answers.filter(({ status }) => !allowed.includes(status))).toEqual([]);
  const busy = answers.filter(({ status }) => status === 503);
  expect(busy.filter(({ headers }) => !headers["Retry-After"])).toEqual([]);
  // A user's deletion may be answered 404, where it was done before and that answer was lost.
  for (const { statuses } of lives)
    expect([
      [200, 204, 200].join(),
      [200, 204, 200, 204, 404].join(),
      [200, 204, 200, 404, 404].join(),
    ]).toContain(statuses.join());
  expect(await audit(tenant)).toEqual([]);
  const group = await send("GET /Groups/{id}", {}, groupId);
  const members = Object(group.body.members).map(({ value }: { value: string }) => value);
  const staying = lives.filter((_, at) => at % 4 > 0).map(({ id }) => id);
  expect(members.toSorted()).toEqual(staying.toSorted());
});
