import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type {
  DynamoDBDocumentClient,
  QueryCommandInput,
  QueryCommandOutput,
} from "@aws-sdk/lib-dynamodb";
import { v7 } from "uuid";
import type { JsonObject } from "../../lambdas/scim/json.ts";
import { groupUrn, userUrn } from "../../lambdas/scim/urns.ts";
import { backgroundWork } from "../../lambdas/store/dynamodb/background.ts";
import { sweepAfterSeconds } from "../../lambdas/store/dynamodb/deletion-mark.ts";
import { groupStore } from "../../lambdas/store/dynamodb/groups.ts";
import type { Table } from "../../lambdas/store/dynamodb/table.ts";
import { userStore } from "../../lambdas/store/dynamodb/users.ts";
import type { DeleteRules, GroupRules, WorkReport, WriteRules } from "../../lambdas/store/store.ts";
import { tableName, testDb } from "./table.ts";

/** The test file's table; `over` takes the place of what a test wants to hold in its own hand. */
export const testTable = (over: Partial<Table> = {}): Table => ({
  db: testDb(),
  name: tableName,
  now: () => new Date(),
  newId: () => v7(),
  sleep,
  random: Math.random,
  ...over,
});

/** A tenant of a test's own. */
export const aTenant = () => `t-${randomUUID().slice(0, 13)}`;

export const aUser = (over: JsonObject = {}): JsonObject => ({
  schemas: [userUrn],
  userName: `user-${randomUUID()}@example.com`,
  active: true,
  ...over,
});

export const aGroup = (displayName: string, over: JsonObject = {}): JsonObject => ({
  schemas: [groupUrn],
  displayName,
  ...over,
});

/** A change that adds and removes members. */
export const update = (add: readonly string[], remove: readonly string[] = []) =>
  ({ kind: "update", add, remove }) as const;

/** The ids of so many new users, sorted. */
export async function someUsers(tenant: string, count: number): Promise<string[]> {
  const users = userStore(testTable());
  const created = await Promise.all(
    Array.from({ length: count }, () => users.create(tenant, aUser(), defaultRules)),
  );
  return created.map(({ id }) => id).toSorted();
}

/** The ids of a group's members as a reader sees them, sorted. */
export async function membersOf(tenant: string, groupId: string): Promise<string[]> {
  const whole = await groupStore(testTable()).getWithMembers(tenant, groupId);
  return (whole?.members ?? []).map(({ id }) => id).toSorted();
}

export const defaultRules: GroupRules & DeleteRules & WriteRules = {
  uniqueGroupNames: true,
  unknownMembers: "refuse",
  tombstoneDays: 30,
};

/** Time passes as it is waited for: a run waits long where one that was cut off has left its lease. */
let waited = 0;

/** Does all background work of a tenant, due once every deletion until now may be swept, unpaced. */
export async function doBackgroundWork(
  tenant: string,
  over: Partial<Table> = {},
  deleteSecret: (tenant: string) => Promise<void> = async () => undefined,
  until = Number.POSITIVE_INFINITY,
): Promise<WorkReport> {
  const now = () => new Date(Date.now() + (sweepAfterSeconds + 1) * 1000 + waited);
  const sleepFast = async (milliseconds: number) => {
    waited += milliseconds;
    await sleep(Math.min(milliseconds, 20));
  };
  const table = testTable({ now, sleep: sleepFast, ...over });
  showWorkOf(tenant, table.db);
  const options = { writeUnitsPerSecond: 1_000_000, deleteSecret };
  return backgroundWork(table, options).run(until);
}

/** Test files share the table: each does the work of its own tenants, however much of others waits. */
function showWorkOf(tenant: string, db: DynamoDBDocumentClient): void {
  db.middlewareStack.add(
    (next) => async (args) => {
      const { IndexName, ExpressionAttributeValues: values } = args.input as QueryCommandInput;
      const isOfWork = IndexName !== undefined && String(values?.[":pk"]).startsWith("WORK#");
      if (!isOfWork) return next(args);
      const answer = await next({ ...args, input: { ...args.input, Limit: undefined } });
      const output = answer.output as QueryCommandOutput;
      const isOwn = ({ pk, sk }: Record<string, unknown>) =>
        String(pk).startsWith(`T#${tenant}#`) || sk === `TENANT#${tenant}`;
      const Items = output.Items?.filter(isOwn);
      return { ...answer, output: { ...output, Items } as typeof answer.output };
    },
    { step: "initialize", name: "workOf" },
  );
}

/** Thrown in place of the call that a cut-off client would have made. */
export class CutOff extends Error {
  override readonly name = "CutOff";
}

/** A client that makes `calls` calls and then none, as if its process had ended. */
export function cutOffAfter(calls: number): DynamoDBDocumentClient {
  const db = testDb();
  let made = 0;
  db.middlewareStack.add(
    (next) => async (args) => {
      if (made++ >= calls) throw new CutOff();
      return next(args);
    },
    { step: "initialize", name: "cutOff" },
  );
  return db;
}

/** A client that counts its calls by command. */
export function countingDb(): { db: DynamoDBDocumentClient; calls: string[] } {
  const db = testDb();
  const calls: string[] = [];
  db.middlewareStack.add(
    (next, context) => async (args) => {
      calls.push(String(context.commandName).replace("Command", ""));
      return next(args);
    },
    { step: "initialize", name: "counting" },
  );
  return { db, calls };
}

/** Every item of a tenant, by a full read. */
export async function itemsOf(tenant: string): Promise<readonly Record<string, unknown>[]> {
  const { ScanCommand } = await import("@aws-sdk/lib-dynamodb");
  const db = testDb();
  const items: Record<string, unknown>[] = [];
  let after: Record<string, unknown> | undefined;
  do {
    const page = await db.send(
      new ScanCommand({
        TableName: tableName,
        ConsistentRead: true,
        ExclusiveStartKey: after,
        FilterExpression: "begins_with(pk, :t)",
        ExpressionAttributeValues: { ":t": `T#${tenant}#` },
      }),
    );
    items.push(...(page.Items ?? []));
    after = page.LastEvaluatedKey;
  } while (after);
  return items;
}
