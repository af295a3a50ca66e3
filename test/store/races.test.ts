import {
  DynamoDBServiceException,
  TransactionCanceledException,
  TransactionConflictException,
} from "@aws-sdk/client-dynamodb";
import { describe, expect, test } from "@jest/globals";
import { groupStore } from "../../lambdas/store/dynamodb/groups.ts";
import type { Table } from "../../lambdas/store/dynamodb/table.ts";
import { userStore } from "../../lambdas/store/dynamodb/users.ts";
import {
  aGroup,
  aTenant,
  aUser,
  defaultRules,
  itemsOf,
  membersOf,
  someUsers,
  testTable,
  update,
} from "../support/store.ts";
import { testDb } from "../support/table.ts";

const table = testTable();
const users = userStore(table);
const groups = groupStore(table);

async function aGroupOf(tenant: string, members: readonly string[], name = "g") {
  return (await groups.create(tenant, aGroup(name), members, defaultRules)).group;
}

type Step = (command: string, nth: number) => Promise<unknown> | undefined;

/** A table before whose nth call of each command something else happens. */
function interrupted(before: Step): Table {
  const db = testDb();
  const calls = new Map<string, number>();
  db.middlewareStack.add(
    (next, context) => async (args) => {
      const command = String(context.commandName).replace("Command", "");
      calls.set(command, (calls.get(command) ?? 0) + 1);
      await before(command, calls.get(command) ?? 0);
      return next(args);
    },
    { step: "initialize", name: "interrupted" },
  );
  return testTable({ db });
}

const once =
  (command: string, nth: number, run: () => Promise<unknown>): Step =>
  (at, count) =>
    at === command && count === nth ? run() : undefined;

describe("a change of several members holds whole", () => {
  test("beside one that removes what it found already there", async () => {
    const tenant = aTenant();
    const members = await someUsers(tenant, 4);
    const { id } = await aGroupOf(tenant, members.slice(0, 2));
    // The first send learns that two are members; they are removed before the second.
    const removal = () => groups.changeMembers(tenant, id, update([], members), defaultRules);
    const adder = groupStore(interrupted(once("TransactWriteItems", 2, removal)));
    await adder.changeMembers(tenant, id, update(members), defaultRules);
    expect(await membersOf(tenant, id)).toEqual(members);
  });

  test.each([
    ["the removal of all", (all: string[]) => update([], all.slice(0, 120)), [0, 120]],
    [
      "the replacement by others",
      (all: string[]) => ({ kind: "replace", members: all.slice(120) }) as const,
      [120, 240],
    ],
  ])("where half of it is there already, beside %s", async (_, other, possible) => {
    const tenant = aTenant();
    const members = await someUsers(tenant, 240);
    const group = await aGroupOf(tenant, members.slice(0, 60));
    const change = () =>
      groups.replace(tenant, group, group.resource, other(members), defaultRules);
    const adder = groupStore(interrupted(once("TransactWriteItems", 1, change)));
    await adder.changeMembers(tenant, group.id, update(members.slice(0, 120)), defaultRules);
    expect(possible).toContain((await membersOf(tenant, group.id)).length);
  });

  test("to a reader between whose reads it is made, with a rename in the same request", async () => {
    const tenant = aTenant();
    const members = await someUsers(tenant, 1);
    const group = await aGroupOf(tenant, [], "old");
    const change = () =>
      groups.replace(tenant, group, aGroup("new"), update(members), defaultRules);
    const reader = groupStore(interrupted(once("TransactGetItems", 1, change)));
    const seen = await reader.getWithMembers(tenant, group.id);
    expect(`${seen?.group.resource.displayName} ${seen?.members.length}`).toBe("new 1");
  });

  test("and a reader's version is never newer than the members that it shows", async () => {
    const tenant = aTenant();
    const members = await someUsers(tenant, 1);
    const { id } = await aGroupOf(tenant, []);
    const change = () => groups.changeMembers(tenant, id, update(members), defaultRules);
    const reader = groupStore(interrupted(once("TransactGetItems", 1, change)));
    const seen = await reader.getWithMembers(tenant, id);
    expect([seen?.group.version, seen?.members.length]).toEqual([1, 0]);
  });

  test("while single changes never cease", async () => {
    const tenant = aTenant();
    const [one = "", ...members] = await someUsers(tenant, 200);
    const { id } = await aGroupOf(tenant, []);
    let isDone = false;
    const stream = (async () => {
      for (let at = 0; !isDone; at++)
        await groups
          .changeMembers(tenant, id, at % 2 ? update([], [one]) : update([one]), defaultRules)
          .catch(() => undefined);
    })();
    expect(await groups.changeMembers(tenant, id, update(members), defaultRules)).toBe(true);
    isDone = true;
    await stream;
    expect((await membersOf(tenant, id)).filter((member) => member !== one)).toEqual(members);
  });
});

/** A table whose `command` fails so, once or as often as said; if it was carried out, its answer is lost. */
function failing(
  command: string,
  error: () => Error,
  options: { times?: number; after?: boolean },
) {
  const db = testDb();
  let left = options.times ?? 1;
  db.middlewareStack.add(
    (next, context) => async (args) => {
      const fails = context.commandName === `${command}Command` && left-- > 0;
      if (!fails || options.after) {
        const answer = await next(args);
        if (!fails) return answer;
      }
      throw error();
    },
    { step: "deserialize", name: "failing", priority: "high" },
  );
  return testTable({ db });
}

const fault = (name: string, status = 400) =>
  new DynamoDBServiceException({
    name,
    message: name,
    $fault: status < 500 ? "client" : "server",
    $metadata: { httpStatusCode: status },
  });

describe("what DynamoDB answers where many write, and DynamoDB Local never does", () => {
  const conflict = () =>
    new TransactionCanceledException({
      message: "cancelled",
      $metadata: {},
      CancellationReasons: [{ Code: "None" }, { Code: "TransactionConflict" }],
    });

  test("a transaction that met another is sent again", async () => {
    const tenant = aTenant();
    const busy = userStore(failing("TransactWriteItems", conflict, { times: 5 }));
    const { id } = await busy.create(tenant, aUser(), defaultRules);
    expect(await users.get(tenant, id)).toBeDefined();
  });

  test("and if it meets one always, the client is told to send the request again", async () => {
    const over = failing("TransactWriteItems", conflict, { times: 1000 });
    const busy = userStore({ ...over, sleep: async () => undefined });
    await expect(busy.create(aTenant(), aUser(), defaultRules)).rejects.toMatchObject({
      status: 503,
      retryAfterSeconds: 1,
    });
  });

  test("a plain write to an item inside a transaction is a conflict, decided again", async () => {
    const tenant = aTenant();
    const before = await users.create(tenant, aUser(), defaultRules);
    const error = () =>
      new TransactionConflictException({ message: "Transaction is ongoing", $metadata: {} });
    const busy = userStore(failing("PutItem", error, {}));
    const change = () =>
      busy.replace(tenant, before, { ...before.resource, active: false }, defaultRules);
    await expect(change()).rejects.toMatchObject({ name: "Conflict" });
    expect((await change()).version).toBe(2);
  });

  test.each([
    [() => fault("ProvisionedThroughputExceededException")],
    [() => fault("ThrottlingException")],
    [() => fault("InternalServerError", 500)],
    [() => fault("ServiceUnavailableException", 503)],
    [() => Object.assign(new Error("away"), { code: "ECONNREFUSED" })],
  ])("%p is 503 with a time to wait, and never an unexpected error", async (error) => {
    const tenant = aTenant();
    const before = await users.create(tenant, aUser(), defaultRules);
    for (const command of ["GetItem", "Query", "PutItem"]) {
      const store = userStore(failing(command, error, { times: 100 }));
      const run = {
        GetItem: () => store.get(tenant, before.id),
        Query: () => store.page(tenant, 1, 10),
        PutItem: () =>
          store.replace(tenant, before, { ...before.resource, active: false }, defaultRules),
      }[command];
      await expect(run?.()).rejects.toMatchObject({ status: 503, retryAfterSeconds: 2 });
    }
  });
});

describe("a lost answer", () => {
  const lost = () => Object.assign(new Error("no answer"), { name: "TimeoutError" });

  test("of a plain write, which the SDK then sends again, leaves one change", async () => {
    const tenant = aTenant();
    const before = await users.create(tenant, aUser(), defaultRules);
    const unlucky = userStore(failing("PutItem", lost, { after: true }));
    const after = await unlucky.replace(
      tenant,
      before,
      { ...before.resource, active: false },
      defaultRules,
    );
    expect(after.version).toBe(2);
    expect(await users.get(tenant, before.id)).toEqual(after);
  });

  test("of a create leaves one user", async () => {
    const tenant = aTenant();
    const unlucky = userStore(failing("TransactWriteItems", lost, { after: true }));
    const { id } = await unlucky.create(tenant, aUser(), defaultRules);
    expect((await users.page(tenant, 1, 10)).resources.map((user) => user.id)).toEqual([id]);
  });

  test("of a step that carries a large change over costs the request nothing", async () => {
    const tenant = aTenant();
    const members = await someUsers(tenant, 120);
    for (const command of ["GetItem", "Query", "BatchGetItem"]) {
      const unlucky = groupStore(
        failing(command, () => fault("InternalServerError", 500), { times: 4 }),
      );
      const created = await unlucky
        .create(tenant, aGroup(`g-${command}`), members, defaultRules)
        .catch((error: unknown) => error);
      // Before the change is committed the client is told to wait; after it, nothing is left to tell.
      if (created instanceof Error) expect(created).toMatchObject({ status: 503 });
      else expect(created).toMatchObject({ members: { length: 120 } });
    }
    const whole = await groups.page(tenant, 1, 10);
    for (const { id } of whole.resources) expect(await membersOf(tenant, id)).toEqual(members);
    const names = (await itemsOf(tenant)).filter(({ pk }) => `${pk}`.includes("#GROUPNAME#"));
    expect(names).toHaveLength(whole.resources.length * 2);
  });
});
