import { expect, test } from "@jest/globals";
import type { Principal } from "../../lambdas/auth/principal.ts";
import { readTenantSettings } from "../../lambdas/auth/tenant-settings.ts";
import type { TokenUse } from "../../lambdas/auth/token-use.ts";
import { type Outcome, tokenUseNotes } from "../../lambdas/auth/use-notes.ts";
import { handClock } from "../support/deployment.ts";

const aPrincipal = (id = "a"): Principal => ({
  tenant: "acme",
  credential: { kind: "token", id },
  scopes: [],
  settings: readTenantSettings({}),
});

const success: Outcome = { kind: "success" };
const aFailure = (status = 500): Outcome => ({
  kind: "failure",
  failure: { status, detail: "x", route: "GET /Users", requestId: "r" },
});

/** A function instance whose notes are listed; `write` is what becomes of each. */
function anInstance(write: (signal: AbortSignal) => Promise<void> = async () => undefined) {
  const clock = handClock();
  const written: TokenUse[] = [];
  const reported: unknown[] = [];
  const notes = tokenUseNotes({
    uses: {
      keep: async (_tenant, _id, use, signal) => {
        written.push(use);
        await write(signal);
      },
    },
    clock: clock.now,
    report: (error) => reported.push(error),
    patienceMs: 20,
  });
  const request = (outcome: Outcome = success, principal = aPrincipal()) =>
    notes.begin(principal)(outcome);
  const now = () => new Date(clock.now()).toISOString();
  return { clock, written, reported, notes, request, now };
}

test("the first request's use is written while it runs, and that it succeeded with its answer", async () => {
  const { notes, written, now } = anInstance();
  const end = notes.begin(aPrincipal());
  expect(written).toEqual([{ usedAt: now() }]);
  await end(success);
  expect(written).toEqual([{ usedAt: now() }, { succeededAt: now() }]);
});

test("a thousand requests in five minutes cost one note, and the next one tells of the last success", async () => {
  const { request, written, clock, now } = anInstance();
  await request();
  written.length = 0;
  let last = "";
  for (let at = 0; at < 1000; at++) {
    clock.pass(299);
    await request();
    last = now();
  }
  expect(written).toEqual([]);
  clock.pass(1000);
  await request();
  expect(written).toEqual([{ usedAt: now(), succeededAt: last }]);
});

test("each token has notes of its own", async () => {
  const { request, written } = anInstance();
  await request();
  await request(success, aPrincipal("b"));
  expect(written).toHaveLength(4);
});

test("a failure is written at once, at most once a minute, and the last one not later than the next use", async () => {
  const { request, written, clock, now } = anInstance();
  await request();
  written.length = 0;
  await request(aFailure(409));
  expect(written).toMatchObject([{ failedAt: now(), failure: { status: 409 } }]);
  for (let second = 1; second < 60; second++) {
    clock.pass(1000);
    await request(aFailure(503));
  }
  expect(written).toHaveLength(1);
  const last = now();
  clock.pass(241_000);
  await request();
  expect(written.at(-1)).toMatchObject({ failedAt: last, failure: { status: 503 }, usedAt: now() });
});

test("what says nothing of how provisioning goes is a use and no outcome", async () => {
  const { request, written, now } = anInstance();
  await request({ kind: "neither" });
  expect(written).toEqual([{ usedAt: now() }]);
});

test("a note that fails is reported, fails no request, and is made good half a minute later", async () => {
  let isBroken = true;
  const { request, written, reported, clock, now } = anInstance(async () => {
    if (isBroken) throw new Error("out of order");
  });
  const first = now();
  await request();
  expect(reported).toHaveLength(2);
  clock.pass(29_999);
  await request({ kind: "neither" });
  expect(written).toHaveLength(2);
  isBroken = false;
  clock.pass(1);
  await request({ kind: "neither" });
  expect(written.at(-1)).toEqual({ usedAt: now(), succeededAt: first });
});

test("a note that hangs is given up, and the answer does not wait for it", async () => {
  const signals: AbortSignal[] = [];
  const { request } = anInstance((signal) => {
    signals.push(signal);
    return new Promise(() => undefined);
  });
  await request();
  expect(signals.map(({ aborted }) => aborted)).toEqual([true, true]);
});
