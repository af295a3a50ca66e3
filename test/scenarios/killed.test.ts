import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { DynamoDBClient, ListTablesCommand } from "@aws-sdk/client-dynamodb";
import { BatchWriteCommand, DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { v7 } from "uuid";
import { toItem } from "../../lambdas/store/dynamodb/items.ts";
import { type LocalRun, startLocalRun } from "../support/local-run.ts";
import { aUser } from "../support/store.ts";

const folder = mkdtempSync(join(tmpdir(), "rollcall-killed-"));
const start = () => startLocalRun({ args: ["--data-dir", folder] });

const many = 5000;
const userIds = Array.from({ length: many }, () => v7());

let run: LocalRun;
beforeAll(async () => {
  run = await start();
  await plantUsers(run);
}, 120_000);
afterAll(async () => {
  await run.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** The users, as far as groups look at them: through the API each would take twenty milliseconds. */
async function plantUsers({ env, tenantId }: LocalRun): Promise<void> {
  const credentials = {
    accessKeyId: env.AWS_ACCESS_KEY_ID ?? "",
    secretAccessKey: env.AWS_SECRET_ACCESS_KEY ?? "",
  };
  const endpoint = env.AWS_ENDPOINT_URL_DYNAMODB ?? "";
  const client = new DynamoDBClient({ endpoint, region: env.AWS_REGION ?? "", credentials });
  const db = DynamoDBDocumentClient.from(client);
  const [table = ""] = (await db.send(new ListTablesCommand())).TableNames ?? [];
  const at = new Date().toISOString();
  const itemOf = (id: string) =>
    toItem(tenantId, "USER", { id, resource: aUser(), version: 1, created: at, lastModified: at });
  const plant = async (some: readonly string[]) => {
    const requests = some.map((id) => ({ PutRequest: { Item: itemOf(id) } }));
    await db.send(new BatchWriteCommand({ RequestItems: { [table]: requests } }));
  };
  const batches = Array.from({ length: many / 25 }, (_, n) => userIds.slice(n * 25, n * 25 + 25));
  for (let at = 0; at < batches.length; at += 10)
    await Promise.all(batches.slice(at, at + 10).map(plant));
  db.destroy();
  client.destroy();
}

const sending = (method: string, body: object) => ({
  method,
  headers: { "Content-Type": "application/scim+json" },
  body: JSON.stringify(body),
});

async function newGroup(displayName: string): Promise<string> {
  const schemas = ["urn:ietf:params:scim:schemas:core:2.0:Group"];
  const answer = await run.request("/Groups", sending("POST", { schemas, displayName }));
  return Object(await answer.json()).id;
}

const addAll = (groupId: string) =>
  run.request(
    `/Groups/${groupId}`,
    sending("PATCH", {
      schemas: ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
      Operations: [{ op: "add", path: "members", value: userIds.map((value) => ({ value })) }],
    }),
  );

async function membersOf(groupId: string): Promise<readonly string[]> {
  const group = Object(await (await run.request(`/Groups/${groupId}`)).json());
  return (group.members ?? []).map(({ value }: { value: string }) => value);
}

/** How many of a few the group has, as Entra asks for one. */
async function foundAmong(groupId: string, some: readonly string[]): Promise<number> {
  const asked = some.map(async (id) => {
    const filter = encodeURIComponent(`id eq "${groupId}" and members[value eq "${id}"]`);
    return Object(await (await run.request(`/Groups?filter=${filter}`)).json()).totalResults;
  });
  return (await Promise.all(asked)).reduce((sum: number, count: number) => sum + count, 0);
}

const sample = [0, 89, 90, 2500, 4910, many - 1].map((at) => userIds[at] ?? "");

test("5,000 members whose addition is killed under way are all there or none, and the next request completes it", async () => {
  // Before the end; the sooner it is sent, the further it has come.
  const momentsMs = [1600, 600, 100];
  const groups: { readonly id: string; readonly answered: Promise<number | undefined> }[] = [];
  const ids = await Promise.all(momentsMs.map((ms) => newGroup(`killed after ${ms} ms`)));
  for (const [at, id] of ids.entries()) {
    const answered = addAll(id).then(
      ({ status }) => status,
      () => undefined,
    );
    groups.push({ id, answered });
    await sleep((momentsMs[at] ?? 0) - (momentsMs[at + 1] ?? 0));
  }
  await run.stop("SIGKILL");
  run = await start();

  for (const { id, answered } of groups) {
    const members = await membersOf(id);
    expect((await answered) === 204 ? [many] : [0, many]).toContain(members.length);
    expect(await foundAmong(id, sample)).toBe(members.length === 0 ? 0 : sample.length);

    expect((await addAll(id)).status).toBe(204);
    expect((await membersOf(id)).toSorted()).toEqual(userIds);
    expect(await foundAmong(id, sample)).toBe(sample.length);
  }
}, 180_000);
