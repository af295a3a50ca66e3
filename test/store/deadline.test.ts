import { afterEach, beforeEach, describe, expect, jest, test } from "@jest/globals";
import { retryConflicts } from "../../lambdas/http/retry-conflicts.ts";
import { openDb } from "../../lambdas/store/dynamodb/client.ts";
import { inTime, storeMilliseconds } from "../../lambdas/store/dynamodb/deadline.ts";
import { groupStore } from "../../lambdas/store/dynamodb/groups.ts";
import { userStore } from "../../lambdas/store/dynamodb/users.ts";
import { aGroup, aTenant, aUser, defaultRules, testTable, update } from "../support/store.ts";
import { tableName } from "../support/table.ts";

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

const pass = (milliseconds: number) =>
  new Promise<void>((resolve) => {
    setTimeout(resolve, milliseconds);
  });

interface Answered {
  readonly status: number;
  readonly output: object;
}
type Input = { readonly RequestItems?: Record<string, { Keys: readonly object[] }> };
type Answering = (operation: string, input: Input, sinceMs: number) => Promise<Answered> | Answered;

/** A table whose store answers so, by the clock that the test sets. */
function slowTable(answering: Answering) {
  const calls: number[] = [];
  const begun = Date.now();
  const handle = async (request: { headers: Record<string, string>; body: Uint8Array }) => {
    calls.push(Date.now());
    const operation = request.headers["x-amz-target"]?.split(".").at(-1) ?? "";
    const input = JSON.parse(new TextDecoder().decode(request.body));
    const { status, output } = await answering(operation, input, Date.now() - begun);
    const body = new TextEncoder().encode(JSON.stringify(output));
    return { response: { statusCode: status, headers: {}, body } };
  };
  const db = openDb({
    region: "us-east-1",
    endpoint: "http://127.0.0.1:1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
    // The SDK asks for no more of a request handler.
    requestHandler: { handle } as never,
  });
  return { calls, table: testTable({ db, sleep: pass }) };
}

/** Everything that is read is there, and nothing is a member yet. */
function wellAnswered(operation: string, { RequestItems = {} }: Input): Answered {
  const group = { pk: { S: "x" }, sk: { S: `GROUP#${id}` }, changeSeq: { N: "1" } };
  const stored = { ...group, resource: { M: {} }, version: { N: "1" } };
  const item = { Item: stored, Responses: [{ Item: stored }] };
  if (operation !== "BatchGetItem") return { status: 200, output: item };
  const keys = Object.values(RequestItems)[0]?.Keys ?? [];
  const isOfMembers = JSON.stringify(keys).includes("MEMBER#");
  const Responses = { [tableName]: isOfMembers ? [] : keys };
  return { status: 200, output: { Responses } };
}

const refusal = (type: string, fields: object = {}) => ({
  status: 400,
  output: { __type: `com.amazonaws.dynamodb.v20120810#${type}`, ...fields },
});
const cancelled = (...codes: string[]) =>
  refusal("TransactionCanceledException", {
    Message: "cancelled",
    CancellationReasons: codes.map((Code) => ({ Code })),
  });

/** Longest before the client gives an attempt up: a second to connect, three to be answered. */
const longest = 3999;

const late = async <T>(answer: T) => {
  await pass(longest);
  return answer;
};

/** Refuses transactions alone, since reads cannot be refused so. */
const refusing =
  (reasons: string[], when: <T>(answer: T) => Promise<T>): Answering =>
  (operation, input) =>
    when(operation.startsWith("Transact") ? cancelled(...reasons) : wellAnswered(operation, input));

const bad: readonly (readonly [string, Answering])[] = [
  [
    "never answers",
    async () => {
      await pass(4000);
      throw Object.assign(new Error("no answer"), { name: "TimeoutError" });
    },
  ],
  ["fails late", () => late({ status: 500, output: {} })],
  ["refuses late for want of capacity", () => late(refusal("ThrottlingException"))],
  ["answers well, but late", (operation, input) => late(wellAnswered(operation, input))],
  ["is busy at an item and says so late", refusing(["TransactionConflict"], late)],
  ["is busy at an item and says so at once", refusing(["TransactionConflict"], async (one) => one)],
  [
    "is busy at an item, and then fails late",
    (operation, input, sinceMs) =>
      sinceMs > 18_000
        ? late({ status: 500, output: {} })
        : refusing(["TransactionConflict"], late)(operation, input, sinceMs),
  ],
  ["finds late that another was first", refusing(["None", "ConditionalCheckFailed"], late)],
  [
    "leaves batches undone, late",
    (operation, input) =>
      late(
        operation === "BatchGetItem"
          ? { status: 200, output: { UnprocessedKeys: input.RequestItems } }
          : wellAnswered(operation, input),
      ),
  ],
];

const id = "018f3b3e-0000-7000-8000-000000000000";
const ids = Array.from({ length: 3000 }, (_, at) => id.slice(0, -4) + String(at).padStart(4, "0"));
const before = { id, resource: aUser(), version: 1, created: "", lastModified: "" };

type Stores = { users: ReturnType<typeof userStore>; groups: ReturnType<typeof groupStore> };
const requests: readonly (readonly [
  string,
  (stores: Stores, tenant: string) => Promise<unknown>,
])[] = [
  ["creates a user", ({ users }, tenant) => users.create(tenant, aUser(), defaultRules)],
  ["changes a user", ({ users }, tenant) => users.replace(tenant, before, aUser(), defaultRules)],
  ["lists users", ({ users }, tenant) => users.page(tenant, 1, 100)],
  [
    "creates a group",
    ({ groups }, tenant) => groups.create(tenant, aGroup("g"), ids, defaultRules),
  ],
  ["reads a group", ({ groups }, tenant) => groups.getWithMembers(tenant, id)],
  [
    "adds a member",
    ({ groups }, tenant) => groups.changeMembers(tenant, id, update([id]), defaultRules),
  ],
  [
    "adds many members",
    ({ groups }, tenant) => groups.changeMembers(tenant, id, update(ids), defaultRules),
  ],
];

describe.each(bad)("a store that %s", (_, answering) => {
  test.each(requests)("holds up a request that %s no longer than it may take", async (_, run) => {
    const { calls, table } = slowTable(answering);
    const stores = { users: userStore(table), groups: groupStore(table) };
    const patience = { sleep: pass, random: () => 0.99, now: Date.now };
    const begun = Date.now();
    let ended: number | undefined;
    const outcome = inTime(() => retryConflicts(() => run(stores, aTenant()), patience)).then(
      () => "answered",
      (error: { status?: number }) => error.status,
    );
    void outcome.finally(() => {
      ended = Date.now();
    });
    while (ended === undefined && Date.now() - begun < 120_000)
      await jest.advanceTimersByTimeAsync(50);

    const within = storeMilliseconds + 500;
    expect((ended ?? Number.POSITIVE_INFINITY) - begun).toBeLessThanOrEqual(within);
    expect(["answered", 503]).toContain(await outcome);
    // What is given up is not sent again later.
    await jest.advanceTimersByTimeAsync(30_000);
    expect(Math.max(...calls) - begun).toBeLessThan(storeMilliseconds);
  });
});
