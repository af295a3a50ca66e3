import { randomUUID } from "node:crypto";
import { expect, test } from "@jest/globals";
import type { Background, WorkReport } from "../../lambdas/store/store.ts";
import { worker } from "../../lambdas/worker/worker.ts";
import { handClock } from "../support/deployment.ts";

/** A worker with that much work, and what it was asked for. */
function aWorker(work: Partial<WorkReport> = {}) {
  const asked: Parameters<Background["run"]>[] = [];
  const logged: unknown[] = [];
  const reported: unknown[] = [];
  const clock = handClock();
  const run = worker({
    background: {
      run: async (...given) => {
        asked.push(given);
        return { done: 0, left: false, failures: [], ...work };
      },
    },
    clock: clock.now,
    log: (line, what) => logged.push({ line, ...what }),
    report: (error) => reported.push(error),
  });
  return { run, asked, logged, reported, now: clock.now() };
}

const aMinute = { getRemainingTimeInMillis: () => 60_000 };
const fromTheSchedule = {
  version: "0",
  id: randomUUID(),
  "detail-type": "Scheduled Event",
  source: "aws.events",
  account: "000000000000",
  time: "2026-06-01T00:00:00Z",
  region: "us-east-1",
  resources: ["arn:aws:events:us-east-1:000000000000:rule/every-minute"],
  detail: {},
};

test("the schedule's run does whatever waits, until ten seconds before its time is up", async () => {
  const { run, asked, logged, now } = aWorker({ done: 3, left: true });
  await run(fromTheSchedule, aMinute);
  expect(asked).toEqual([[now + 50_000, undefined]]);
  expect(logged).toEqual([
    { line: "background work", woken: false, done: 3, left: true, failed: 0 },
  ]);
});

test("a run that the feed woke does the one group's change", async () => {
  const { run, asked, now } = aWorker();
  const group = { tenant: "acme", groupId: randomUUID() };
  await run(group, aMinute);
  expect(asked).toEqual([[now + 50_000, group]]);
});

test("failures are reported one by one, and fail the run once the rest is done", async () => {
  const failures = [new Error("one"), new Error("two")];
  const { run, logged, reported } = aWorker({ done: 1, failures });
  await expect(run(fromTheSchedule, aMinute)).rejects.toThrow("2 pieces of background work");
  expect(logged).toMatchObject([{ done: 1, failed: 2 }]);
  expect(reported).toEqual(failures);
});

test.each([
  [{}],
  [{ tenant: "acme" }],
  [{ tenant: "acme", groupId: "1" }],
  [{ tenant: "a#b", groupId: randomUUID() }],
  [{ tenant: "acme", groupId: randomUUID(), more: 1 }],
  [undefined],
])("any other event is refused before anything is done: %j", async (event) => {
  const { run, asked } = aWorker();
  await expect(run(event, aMinute)).rejects.toThrow("names a tenant and a groupId");
  expect(asked).toEqual([]);
});
