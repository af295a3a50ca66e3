import { expect, test } from "@jest/globals";
import { retryConflicts } from "../../lambdas/http/retry-conflicts.ts";
import { Conflict, notFound } from "../../lambdas/scim/errors.ts";

function conflicting(times: number) {
  const waits: number[] = [];
  let runs = 0;
  const run = async () => {
    if (runs++ < times) throw new Conflict();
    return "done";
  };
  const sleep = async (milliseconds: number) => waits.push(milliseconds);
  return { waits, result: retryConflicts(run, { sleep, random: () => 0.5, now: () => 0 }) };
}

test("where another writer was first, an action starts anew, after a wait that grows", async () => {
  const { waits, result } = conflicting(3);
  expect(await result).toBe("done");
  expect(waits).toEqual([5, 10, 20]);
});

test("where that never ends, the client is told to send the request again", async () => {
  const { waits, result } = conflicting(100);
  await expect(result).rejects.toMatchObject({ status: 503, retryAfterSeconds: 1 });
  expect(waits.reduce((sum, wait) => sum + wait, 0)).toBeLessThan(2000);
});

test("a refusal is not tried again", async () => {
  let runs = 0;
  const refuse = async () => {
    runs++;
    throw notFound("User", "x");
  };
  const patience = { sleep: async () => {}, random: () => 0, now: () => 0 };
  await expect(retryConflicts(refuse, patience)).rejects.toMatchObject({ status: 404 });
  expect(runs).toBe(1);
});
