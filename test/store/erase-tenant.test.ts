import { PutCommand, ScanCommand, type ScanCommandInput } from "@aws-sdk/lib-dynamodb";
import { afterAll, beforeEach, expect, test } from "@jest/globals";
import { readTenantSettings } from "../../lambdas/auth/tenant-settings.ts";
import { groupStore } from "../../lambdas/store/dynamodb/groups.ts";
import type { Table } from "../../lambdas/store/dynamodb/table.ts";
import { tenantStore } from "../../lambdas/store/dynamodb/tenants.ts";
import { userStore } from "../../lambdas/store/dynamodb/users.ts";
import { isCutOff, leavePending } from "../support/crash.ts";
import { handClock } from "../support/deployment.ts";
import {
  aGroup,
  aTenant,
  aUser,
  countingDb,
  cutOffAfter,
  defaultRules,
  doBackgroundWork,
  itemsOf,
  someUsers,
  testTable,
} from "../support/store.ts";
import { tableName, testDb } from "../support/table.ts";

const db = testDb();
afterAll(() => db.destroy());
const table = testTable({ db });
const tenants = tenantStore(db, tableName, readTenantSettings);

const dayMs = 24 * 60 * 60 * 1000;
const graceMs = 150_000;

/** A time of each test's own, later than all that the stores have written. */
let clock: ReturnType<typeof handClock>;
beforeEach(() => {
  clock = handClock();
  clock.pass(Date.now() + dayMs - clock.now());
});

/** A tenant with something of each kind that there is, and of one that there is not yet; of a journal only where it is asked for. */
async function aFullTenant(tenant: string, { withJournal = false } = {}): Promise<string> {
  const [users, groups] = [userStore(table), groupStore(table)];
  const createdAt = "2026-01-01T00:00:00Z";
  await tenants.create({ tenant, settings: { tombstoneDays: 3 }, createdAt });
  const ids = await someUsers(tenant, 4);
  const person = { externalId: "e-1", emails: [{ value: "ada@example.com" }] };
  const ada = await users.create(tenant, aUser(person), defaultRules);
  const team = await groups.create(tenant, aGroup("team"), [ada.id, ...ids], defaultRules);
  await groups.create(tenant, aGroup("all"), [team.group.id], defaultRules);
  if (withJournal) await leavePending(tenant, team.group.id, await someUsers(tenant, 91));
  await users.delete(tenant, ada, defaultRules);
  await users.page(tenant, 1, 2);
  const more = { pk: `T#${tenant}#LATER#x`, sk: "#", v: 9 };
  await db.send(new PutCommand({ TableName: tableName, Item: more }));
  return tenant;
}

async function aDeletedTenant(tenant = aTenant(), wish = {}): Promise<string> {
  await aFullTenant(tenant, wish);
  const at = new Date(clock.now()).toISOString();
  const eraseAfter = new Date(clock.now() + dayMs).toISOString();
  await tenants.change(tenant, (found) => ({
    ...found,
    state: "deleted",
    deletion: { at, eraseAfter },
  }));
  return tenant;
}

const restore = (tenant: string) =>
  tenants.change(tenant, (found) =>
    found.state === "deleted" ? { ...found, state: "active", deletion: undefined } : found,
  );
const stateOf = async (tenant: string) => (await tenants.find(tenant))?.state;

/** Background work that is due otherwise is done all the same. */
const usersOf = (items: readonly Record<string, unknown>[]) =>
  items.filter(({ pk }) => String(pk).endsWith("#USERS"));

/** One run of the worker, with the secrets that it deletes. */
async function aRun(tenant: string, over: Partial<Table> = {}, secrets: string[] = []) {
  const now = () => new Date(clock.now());
  return doBackgroundWork(tenant, { now, ...over }, async (name) => void secrets.push(name));
}

/** The runs in which a tenant that is due goes. */
async function eraseWhole(tenant: string, over: () => Partial<Table> = () => ({})) {
  const secrets: string[] = [];
  clock.pass(dayMs + 1);
  await aRun(tenant, over(), secrets);
  expect(secrets).toEqual([]);
  clock.pass(graceMs + 1);
  const report = await aRun(tenant, over(), secrets);
  expect(report.failures).toEqual([]);
  return secrets;
}

/** A client that reads so few items at once, as it would of a large table. */
function dbReading(items: number, { db: of, calls } = countingDb()) {
  of.middlewareStack.add(
    (next, context) => async (args) => {
      if (context.commandName !== "ScanCommand") return next(args);
      const input: ScanCommandInput = { ...(args.input as ScanCommandInput), Limit: items };
      return next({ ...args, input });
    },
    { step: "initialize", name: "fewAtOnce" },
  );
  return { db: of, calls };
}

test("a tenant is erased with all that there is of it, its secret last, and leaves its name and dates", async () => {
  const tenant = await aDeletedTenant(aTenant(), { withJournal: true });
  expect(await eraseWhole(tenant)).toEqual([tenant]);
  expect(await itemsOf(tenant)).toEqual([]);
  expect(await tenants.get(tenant)).toBeUndefined();
  expect(await tenants.find(tenant)).toEqual({
    tenant,
    state: "erased",
    settings: readTenantSettings(undefined),
    chosen: {},
    createdAt: "2026-01-01T00:00:00Z",
    deletion: { at: expect.any(String), eraseAfter: expect.any(String) },
    erasure: { begunAt: expect.any(String), erasedAt: new Date(clock.now()).toISOString() },
  });
  const created = await tenants.create({ tenant, settings: {}, createdAt: "2027-01-01T00:00:00Z" });
  expect(created).toBe("exists");
});

test("tenants whose names begin alike keep all that they have", async () => {
  const tenant = aTenant();
  const others = [`${tenant}-2`, `${tenant}2`, tenant.slice(0, -1)];
  for (const other of others) await aFullTenant(other);
  const before = await Promise.all(others.map(itemsOf));
  await aDeletedTenant(tenant);
  await eraseWhole(tenant);
  expect(await itemsOf(tenant)).toEqual([]);
  expect(await Promise.all(others.map(itemsOf))).toEqual(before);
});

test("nothing is touched before its time, and a restore until then is whole", async () => {
  const tenant = await aDeletedTenant();
  const before = await itemsOf(tenant);
  const { db: counted, calls } = countingDb();
  clock.pass(dayMs - 1000);
  // What else waits of the tenant is done.
  await aRun(tenant, { db: counted });
  expect(calls).not.toContain("Scan");
  expect(await stateOf(tenant)).toBe("deleted");
  await restore(tenant);
  clock.pass(10 * dayMs);
  await aRun(tenant);
  expect(await stateOf(tenant)).toBe("active");
  expect(usersOf(await itemsOf(tenant))).toEqual(usersOf(before));
});

test("once the erasure has begun there is no way back, and nothing goes for as long as a command may last", async () => {
  const tenant = await aDeletedTenant();
  clock.pass(dayMs + 1);
  await aRun(tenant);
  expect(await stateOf(tenant)).toBe("erasing");
  const begun = await itemsOf(tenant);
  expect((await restore(tenant))?.state).toBe("erasing");
  clock.pass(graceMs - 1000);
  const { db: counted, calls } = countingDb();
  await aRun(tenant, { db: counted });
  expect(calls).not.toContain("Scan");
  expect(usersOf(await itemsOf(tenant))).toEqual(usersOf(begun));
});

test("of a restore and an erasure that race one wins whole", async () => {
  for (let attempt = 0; attempt < 10; attempt++) {
    const tenant = aTenant();
    await tenants.create({ tenant, settings: {}, createdAt: "2026-01-01T00:00:00Z" });
    const at = new Date(clock.now() - dayMs).toISOString();
    const deletion = { at, eraseAfter: at };
    await tenants.change(tenant, (found) => ({ ...found, state: "deleted", deletion }));
    const [restored, run] = await Promise.all([restore(tenant), aRun(tenant)]);
    const state = await stateOf(tenant);
    expect(restored?.state).toBe(state);
    // A run that comes too late finds the tenant as it is.
    expect(run.failures).toEqual([]);
    clock.pass(graceMs + 1);
    await aRun(tenant);
    expect(await stateOf(tenant)).toBe(state === "active" ? "active" : "erased");
  }
});

test("an erasure goes on where a run was cut off, wherever that was", async () => {
  const tenant = await aDeletedTenant();
  clock.pass(dayMs + 1);
  await aRun(tenant);
  clock.pass(graceMs + 1);
  let runs = 0;
  const secrets: string[] = [];
  // Each run gets a little further than the one before, and none far enough.
  for (let calls = 5; (await stateOf(tenant)) !== "erased"; calls++) {
    const { db: cut } = dbReading(12, { db: cutOffAfter(calls), calls: [] });
    await isCutOff(async () => {
      const { failures } = await aRun(tenant, { db: cut }, secrets);
      if (failures.length > 0) throw failures[0];
    });
    runs++;
    expect(runs).toBeLessThan(200);
  }
  expect(runs).toBeGreaterThan(10);
  expect(new Set(secrets)).toEqual(new Set([tenant]));
  expect(await itemsOf(tenant)).toEqual([]);
});

test("an erasure ends with its time and is taken up by the next run where it stood", async () => {
  const tenant = await aDeletedTenant();
  clock.pass(dayMs + 1);
  await aRun(tenant);
  clock.pass(graceMs + 1);
  const left: boolean[] = [];
  const scans: number[] = [];
  for (let run = 0; run < 50 && (await stateOf(tenant)) === "erasing"; run++) {
    const { db: counted, calls } = dbReading(12);
    // Time passes with what is waited for, so that a run has enough for a few steps.
    const sleep = async () => clock.pass(100);
    const over = { db: counted, now: () => new Date(clock.now()), sleep };
    const report = await doBackgroundWork(tenant, over, undefined, clock.now() + 1000);
    expect(report.failures).toEqual([]);
    left.push(report.left);
    scans.push(calls.filter((call) => call === "Scan").length);
  }
  expect(await stateOf(tenant)).toBe("erased");
  expect(left.length).toBeGreaterThan(2);
  expect(left.at(0)).toBe(true);
  expect(left.at(-1)).toBe(false);
  // Two passes, in which each run reads one page anew at most.
  const pages = await pagesOf(12);
  const read = scans.reduce((sum, one) => sum + one, 0);
  expect(read).toBeLessThanOrEqual(2 * pages + left.length);
});

/** How many reads of so many items go through the table as it is; it was larger before. */
const pagesOf = async (items: number) => {
  const command = new ScanCommand({ TableName: tableName, Select: "COUNT" });
  const { ScannedCount = 0 } = await db.send(command);
  return Math.ceil((ScannedCount + 60) / items) + 1;
};

test("several runs at once erase as one does", async () => {
  const tenant = await aDeletedTenant();
  clock.pass(dayMs + 1);
  await Promise.all([aRun(tenant), aRun(tenant), aRun(tenant)]);
  clock.pass(graceMs + 1);
  const few = () => ({ db: dbReading(60).db });
  const reports = await Promise.all([
    aRun(tenant, few()),
    aRun(tenant, few()),
    aRun(tenant, few()),
  ]);
  expect(reports.flatMap(({ failures }) => failures)).toEqual([]);
  expect(await stateOf(tenant)).toBe("erased");
  expect(await itemsOf(tenant)).toEqual([]);
});

test("what comes while an erasure is under way is found by the pass behind it", async () => {
  const tenant = await aDeletedTenant();
  clock.pass(dayMs + 1);
  await aRun(tenant);
  clock.pass(graceMs + 1);
  const { db: counted, calls } = countingDb();
  let isWritten = false;
  counted.middlewareStack.add(
    (next, context) => async (args) => {
      const answer = await next(args);
      const isFirst = context.commandName === "ScanCommand" && !isWritten;
      if (!isFirst) return answer;
      isWritten = true;
      const late = { pk: `T#${tenant}#TOKENS`, sk: "TOKEN#late" };
      await db.send(new PutCommand({ TableName: tableName, Item: late }));
      return answer;
    },
    { step: "initialize", name: "late" },
  );
  await aRun(tenant, { db: counted });
  expect(await itemsOf(tenant)).toEqual([]);
  expect(await stateOf(tenant)).toBe("erased");
  // One that finds the tenant, one that finds the late item, one that finds nothing.
  expect(calls.filter((call) => call === "Scan")).toHaveLength(3);
});

test("a secret that cannot be deleted keeps the tenant erasing, and is tried again", async () => {
  const tenant = await aDeletedTenant();
  clock.pass(dayMs + 1);
  await aRun(tenant);
  clock.pass(graceMs + 1);
  const now = () => new Date(clock.now());
  const { failures } = await doBackgroundWork(tenant, { now }, () =>
    Promise.reject(new Error("AccessDenied")),
  );
  expect(failures).toEqual([new Error("AccessDenied")]);
  expect(await stateOf(tenant)).toBe("erasing");
  const secrets: string[] = [];
  await aRun(tenant, {}, secrets);
  expect(secrets).toEqual([tenant]);
  expect(await stateOf(tenant)).toBe("erased");
});
