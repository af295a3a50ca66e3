import { QueryCommand } from "@aws-sdk/lib-dynamodb";
import type { Background, WorkReport } from "../store.ts";
import { carryOver } from "./carry-over.ts";
import { type DeletionMark, readMark } from "./deletion-mark.ts";
import { eraseTenant } from "./erase-tenant.ts";
import { type Key, keyOf, tenantOf, tenantsPartition, workPartitions } from "./keys.ts";
import { atGroupAlone } from "./lease.ts";
import { pacer } from "./pacer.ts";
import { getItems } from "./read.ts";
import { countSeats } from "./seat-count.ts";
import { sweep } from "./sweep.ts";
import type { Table } from "./table.ts";

interface Options {
  /** What is written into one partition key, which takes 1,000 a second of all who write. */
  readonly writeUnitsPerSecond: number;
  /** Ends the tokens of a tenant that is erased. */
  readonly deleteSecret: (tenant: string) => Promise<void>;
}

/** One piece of work: a group's journal, what of a tenant was deleted, its users that have no seat yet, or a tenant that is to be erased. */
interface Work {
  /** Answers whether it is complete. */
  readonly run: (until: number) => Promise<boolean>;
}

/**
 * The work that waits in the table, whatever becomes of the stream. Every step of it is fenced by a
 * condition, so that several runs at once only cost more.
 */
export function backgroundWork(table: Table, options: Options): Background {
  return {
    run: (until, only) =>
      only
        ? runAll(table, [journalWork(table, options, only.tenant, only.groupId, true)], until)
        : runDue(table, options, until),
  };
}

/** Does what is due, the oldest first; what cannot be completed holds up nothing behind it, and waits for the next run. */
async function runDue(table: Table, options: Options, until: number): Promise<WorkReport> {
  const now = table.now().toISOString();
  let report: WorkReport = { done: 0, left: false, failures: [] };
  let erasures = Promise.resolve(report);
  let parts: readonly Part[] = workPartitions.map((name) => ({ name, after: undefined }));
  while (parts.length > 0) {
    if (table.now().getTime() >= until) return { ...added(report, await erasures), left: true };
    const pages = await Promise.all(parts.map((part) => dueIn(table, part, now)));
    const keys = pages.flatMap((page) => page.keys);
    // One after the other, and beside all else: a tenant may take hours, and hold up nothing.
    const tenants = erasuresOf(table, options, keys);
    erasures = erasures.then(async (before) =>
      added(before, await runAll(table, tenants, until, 1)),
    );
    report = added(report, await runAll(table, worksOf(table, options, keys), until));
    parts = pages.flatMap(({ next }) => next ?? []);
  }
  return added(report, await erasures);
}

/** A part of the index, of which what comes after a place is still to be looked at. */
interface Part {
  readonly name: string;
  readonly after: Record<string, unknown> | undefined;
}

const added = (one: WorkReport, other: WorkReport): WorkReport => ({
  done: one.done + other.done,
  left: one.left || other.left,
  failures: [...one.failures, ...other.failures],
});

/** As many pieces at once: each waits for most of its time, and none for a slower one. */
const worksAtOnce = 10;

async function runAll(
  table: Table,
  works: readonly Work[],
  until: number,
  atOnce = worksAtOnce,
): Promise<WorkReport> {
  let report: WorkReport = { done: 0, left: false, failures: [] };
  const waiting = works.values();
  const runSome = async () => {
    // All take from the one iterator.
    for (const { run } of waiting) {
      const outcome = await outcomeOf(
        async () => table.now().getTime() < until && (await run(until)),
      );
      report = added(report, outcome);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, runSome));
  return report;
}

async function outcomeOf(run: () => Promise<boolean>): Promise<WorkReport> {
  try {
    const isDone = await run();
    return { done: isDone ? 1 : 0, left: !isDone, failures: [] };
  } catch (error) {
    return { done: 0, left: false, failures: [error] };
  }
}

/** As many items of each part of the index as are looked at together. */
const mostDue = 500;

async function dueIn(table: Table, { name, after }: Part, now: string) {
  const page = await table.db.send(
    new QueryCommand({
      TableName: table.name,
      IndexName: "gsi1",
      KeyConditionExpression: "gsi1pk = :pk AND gsi1sk < :now",
      ExpressionAttributeValues: { ":pk": name, ":now": now },
      ExclusiveStartKey: after,
      Limit: mostDue,
    }),
  );
  const keys = (page.Items ?? []).map(keyOf);
  const last = page.LastEvaluatedKey;
  return { keys, next: last && { name, after: last } };
}

/** One piece of work for all that was deleted of a tenant, one for its seats, and one for each group with a journal. */
function worksOf(table: Table, options: Options, keys: readonly Key[]): readonly Work[] {
  const journals = new Map<string, Work>();
  const deleted = new Map<string, Key[]>();
  const counts = new Map<string, Work>();
  for (const key of keys) {
    const [, tenant = "", room, groupId = ""] = key.pk.split("#");
    if (room === "GROUP") journals.set(key.pk, journalWork(table, options, tenant, groupId));
    if (room === "SEATS") counts.set(tenant, seatWork(table, options, tenant));
    if (room === "SWEEP") deleted.set(tenant, [...(deleted.get(tenant) ?? []), key]);
  }
  const sweeps = [...deleted].map(([tenant, of]) => sweepWork(table, options, tenant, of));
  // Sweeps first, since a journal may wait for another run.
  return [...sweeps, ...counts.values(), ...journals.values()];
}

/** One piece of work for each tenant that is to be erased. */
const erasuresOf = (table: Table, options: Options, keys: readonly Key[]): readonly Work[] =>
  keys.filter(({ pk }) => pk === tenantsPartition).map((key) => erasureWork(table, options, key));

/** A run that dies gives nothing back; the next but one may go on. */
const reserveMs = 20_000;
const mostHeldMs = 90_000;

/** A request that carries its own change over is done by then; a run takes longer, and finds what is new itself. */
const wokenWaitMs = 3000;
/** As long as any run of the worker. */
const mostWaitMs = 50_000;
const pauseMs = 500;

/**
 * With a lease, since every change wakes a run, and all would carry the same over. The schedule's run
 * waits for whoever works there, to go on as soon as its time is up; others need not.
 */
const journalWork = (
  table: Table,
  { writeUnitsPerSecond }: Options,
  tenant: string,
  groupId: string,
  isWoken = false,
): Work => ({
  run: async (until) => {
    const now = () => table.now().getTime();
    const waitUntil = Math.min(until, now() + (isWoken ? wokenWaitMs : mostWaitMs));
    for (;;) {
      const heldMs = Math.min(mostHeldMs, until - now() + reserveMs);
      const carrying = { until, pacer: pacer(table, writeUnitsPerSecond) };
      const isDone = await atGroupAlone(table, tenant, groupId, heldMs, () =>
        carryOver(table, tenant, groupId, carrying),
      );
      if (isDone !== undefined) return isDone;
      if (now() > waitUntil) return isWoken;
      await table.sleep(pauseMs * (1 + table.random()));
    }
  },
});

const sweepWork = (
  table: Table,
  { writeUnitsPerSecond }: Options,
  tenant: string,
  keys: readonly Key[],
): Work => ({
  run: async (until) => {
    // The index may tell of what is done already.
    const marks: readonly DeletionMark[] = (await getItems(table, keys, { consistent: true })).map(
      readMark,
    );
    const left = await sweep(
      {
        table,
        tenant,
        pacerOf: () => pacer(table, writeUnitsPerSecond),
        isTimeUp: () => table.now().getTime() > until,
      },
      marks,
    );
    return left.length === 0;
  },
});

const erasureWork = (
  table: Table,
  { writeUnitsPerSecond, deleteSecret }: Options,
  key: Key,
): Work => ({
  run: (until) =>
    eraseTenant({
      table,
      tenant: tenantOf({ ...key }),
      writes: pacer(table, writeUnitsPerSecond),
      // A partition key takes three times as many read units as write units.
      reads: pacer(table, 2 * writeUnitsPerSecond),
      isTimeUp: () => table.now().getTime() >= until,
      deleteSecret,
    }),
});

const seatWork = (table: Table, { writeUnitsPerSecond }: Options, tenant: string): Work => ({
  run: (until) =>
    countSeats({
      table,
      tenant,
      pacer: pacer(table, writeUnitsPerSecond),
      isTimeUp: () => table.now().getTime() > until,
    }),
});
