import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { unavailable } from "../../lambdas/scim/errors.ts";
import { groupUrn } from "../../lambdas/scim/urns.ts";
import { aService, type Service } from "../support/service.ts";
import { aUser, testTable } from "../support/store.ts";

let service: Service;
beforeAll(async () => {
  service = await aService();
});
afterAll(() => service.stop());

/** So many users who share an e-mail, each in a group of its own that is called by its id. */
async function aFamily(token: string, size: number) {
  const ids: string[] = [];
  for (let at = 0; at < size; at++) {
    const body = aUser({ emails: [{ type: "work", value: "family@example.com" }] });
    const user = await service.send("POST /Users", { token, body });
    const members = [{ value: user.body.id }];
    const group = { schemas: [groupUrn], displayName: `of ${user.body.id}`, members };
    await service.send("POST /Groups", { token, body: group });
    ids.push(String(user.body.id));
  }
  return ids;
}

const byEmail = 'emails.value eq "family@example.com"';

test.each([
  [1, {}],
  [3, {}],
  [3, { startIndex: "2", count: "3" }],
  [3, { cursor: "", count: "2" }],
  [12, {}],
])(
  "of %i users who are found by one value each is shown with its own groups: %p",
  async (size, query: {
    startIndex?: string;
    count?: string;
  }) => {
    const { token } = await service.tenant();
    const ids = (await aFamily(token, size)).toSorted();
    const { body } = await service.send("GET /Users", {
      token,
      query: { filter: byEmail, ...query },
    });

    const first = Number(query.startIndex ?? 1) - 1;
    const shown = ids.slice(first, first + Number(query.count ?? size));
    const groupsOf = (id: string) => [expect.objectContaining({ display: `of ${id}` })];
    expect(body.Resources).toEqual(
      shown.map((id) => expect.objectContaining({ id, groups: groupsOf(id) })),
    );
  },
);

test("groups that nobody wants to see are not asked for where an index tells of a user", async () => {
  const { token } = await service.tenant();
  await aFamily(token, 1);
  const query = { filter: byEmail, attributes: "userName" };
  const { body } = await service.send("GET /Users", { token, query });
  expect(body.Resources).toEqual([expect.not.objectContaining({ groups: expect.anything() })]);
});

test("a match query is refused as a whole where the user and its groups cannot be read", async () => {
  const lost: unknown[] = [];
  const note = (reason: unknown) => void lost.push(reason);
  process.on("unhandledRejection", note);
  const { db } = testTable();
  let isDown = false;
  db.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        const isOfIndex = "IndexName" in args.input;
        if (!isDown || !(isOfIndex || commandName === "GetItemCommand")) return next(args);
        // The groups fail when the answer is already on its way.
        if (isOfIndex) await new Promise((resolve) => setTimeout(resolve, 50));
        throw unavailable("The store is busy; send this again.", 2);
      },
    { step: "initialize", name: "down" },
  );
  const failing = await aService({ db });
  const { token } = await failing.tenant();
  const body = aUser({ emails: [{ type: "work", value: "family@example.com" }] });
  await failing.send("POST /Users", { token, body });
  isDown = true;

  expect((await failing.send("GET /Users", { token, query: { filter: byEmail } })).status).toBe(
    503,
  );
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(lost).toEqual([]);
  process.off("unhandledRejection", note);
  await failing.stop();
});
