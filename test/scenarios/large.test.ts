import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ListTablesCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { openDb } from "../../lambdas/store/dynamodb/client.ts";
import { isObject, type JsonObject, readJson, readList, textOrEmpty } from "../../local/json.ts";
import { type LocalRun, startLocalRun } from "../support/local-run.ts";
import { seedUsers } from "../support/seed.ts";
import { testTable } from "../support/store.ts";

const beside = 20;
let run: LocalRun;
let users: readonly string[];
let others: readonly string[];
beforeAll(async () => {
  run = await startLocalRun();
  const all = await plantUsers(3000 + beside);
  users = all.slice(beside);
  others = all.slice(0, beside);
}, 120_000);
afterAll(() => run.stop());

/** Users as lists and groups look at them: through the API each would take ten milliseconds and more. */
async function plantUsers(count: number): Promise<string[]> {
  const db = openDb({
    endpoint: run.env.AWS_ENDPOINT_URL_DYNAMODB ?? "",
    region: run.env.AWS_REGION ?? "",
    credentials: {
      accessKeyId: run.env.AWS_ACCESS_KEY_ID ?? "",
      secretAccessKey: run.env.AWS_SECRET_ACCESS_KEY ?? "",
    },
    requestHandler: { connectionTimeout: 20_000, requestTimeout: 20_000 },
  });
  const { TableNames: [name = ""] = [] } = await db.send(new ListTablesCommand({}));
  const ids = await seedUsers(testTable({ db, name }), run.tenantId, count);
  db.destroy();
  return ids;
}

async function ask(method: string, path: string, body?: JsonObject): Promise<JsonObject> {
  const response = await run.request(path, {
    method,
    headers: { "Content-Type": "application/scim+json" },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const text = await response.text();
  expect({ path, status: response.status < 300, text: response.ok ? "" : text }).toEqual({
    path,
    status: true,
    text: "",
  });
  const answer = text === "" ? {} : readJson(text);
  return isObject(answer) ? answer : {};
}

const addMembers = (id: string, members: readonly string[]) =>
  ask("PATCH", `/Groups/${id}`, {
    schemas: ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
    Operations: [{ op: "add", path: "members", value: members.map((value) => ({ value })) }],
  });

async function membersOf(id: string): Promise<string[]> {
  const { members } = await ask("GET", `/Groups/${id}`);
  return readList(members)
    .filter(isObject)
    .map(({ value }) => textOrEmpty(value))
    .toSorted();
}

async function groupsOf(id: string): Promise<number> {
  const { groups } = await ask("GET", `/Users/${id}`);
  return readList(groups ?? []).length;
}

/** What the worker's runs came to, as its log tells. */
function workerRuns(): readonly JsonObject[] {
  const log = readFileSync(join(import.meta.dirname, `../../.local/logs/${run.pid}.log`), "utf8");
  return log
    .split("\n")
    .filter((line) => line.startsWith("{") && line.endsWith("}"))
    .map((line) => readJson(line))
    .filter(isObject)
    .filter(({ message }) => message === "background work");
}

test("a group of 3,000 by three requests takes single members while they are pending, and ends exact", async () => {
  const { id } = await ask("POST", "/Groups", {
    schemas: ["urn:ietf:params:scim:schemas:core:2.0:Group"],
    displayName: "Everyone",
  });
  const groupId = textOrEmpty(id);
  // The second and third come behind the first, whoever carries it over.
  const large = [users.slice(0, 1001), users.slice(1001, 2002), users.slice(2002)];
  for (const members of large) await addMembers(groupId, members);
  for (const one of others) await addMembers(groupId, [one]);

  const all = [...others, ...users].toSorted();
  expect(await membersOf(groupId)).toEqual(all);

  // What came last is in the index last.
  const last = others.at(-1) ?? "";
  for (let waited = 0; (await groupsOf(last)) === 0 && waited < 40_000; waited += 250)
    await sleep(250);
  expect(await Promise.all([...others, ...users.slice(-5)].map(groupsOf))).toEqual(
    Array.from({ length: beside + 5 }, () => 1),
  );
  expect(await membersOf(groupId)).toEqual(all);

  // A wakening for each change at most, besides the schedule's; none failed or gave up.
  const woken = workerRuns().filter(({ woken: isWoken }) => isWoken === true);
  expect(woken.length).toBeLessThanOrEqual(large.length + others.length);
  expect(workerRuns().filter(({ failed }) => failed !== 0)).toEqual([]);
}, 120_000);
