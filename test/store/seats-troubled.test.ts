import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, jest, test } from "@jest/globals";
import { retryConflicts } from "../../lambdas/http/retry-conflicts.ts";
import { ScimError } from "../../lambdas/scim/errors.ts";
import { countSeats } from "../../lambdas/store/dynamodb/seat-count.ts";
import { knownAfterSeconds, seats } from "../../lambdas/store/dynamodb/seats.ts";
import { userStore } from "../../lambdas/store/dynamodb/users.ts";
import { audit } from "../support/audit.ts";
import { type TroubledDb, troubledDb } from "../support/faults.ts";
import { aLimitedTenant, allTaken, withSeats } from "../support/seats.ts";
import { aTenant, aUser, defaultRules, someUsers, testTable } from "../support/store.ts";

// The client's own pauses add up where much is refused.
jest.setTimeout(120_000);

let troubled: TroubledDb;
beforeAll(async () => {
  troubled = await troubledDb({ conflicts: 0.2, throttling: 0.05, lost: 0.1, seed: 21 });
});
afterAll(() => troubled.stop());

const patience = { sleep, random: Math.random, now: Date.now };

/** What became of a request: `unclear` where the store was busy, and it may have been done or not. */
async function outcomeOf(run: () => Promise<unknown>) {
  try {
    await retryConflicts(run, patience);
    return "done";
  } catch (error) {
    if (!(error instanceof ScimError)) throw error;
    if (error.status === 503) return "unclear";
    expect(error).toMatchObject(allTaken(10));
    return "refused";
  }
}

const all = <T>(count: number, run: (at: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, at) => run(at)));

test("as many come in as there are seats, though the store refuses, throttles and loses answers", async () => {
  const { tenant, rules } = await aLimitedTenant(10);
  const users = userStore(testTable({ db: troubled.db }));
  const outcomes = await all(25, () => outcomeOf(() => users.create(tenant, aUser(), rules)));

  const count = (what: string) => outcomes.filter((outcome) => outcome === what).length;
  const taken = (await seats(testTable()).read(tenant))?.taken ?? 0;
  expect(taken).toBeLessThanOrEqual(10);
  expect(taken).toBeGreaterThanOrEqual(count("done"));
  expect(taken).toBeLessThanOrEqual(count("done") + count("unclear"));
  // Nobody left, so that whoever was refused found all seats taken.
  if (count("refused") > 0) expect(taken).toBe(10);
  expect(count("done")).toBeGreaterThan(3);
  expect(await audit(tenant)).toEqual([]);
});

test("who is counted in meanwhile is counted once", async () => {
  const tenant = aTenant();
  const ids = await someUsers(tenant, 24);
  const steady = testTable();
  await seats(steady).setLimit(tenant, 10);
  const table = testTable({ db: troubled.db });
  const users = userStore(table);
  const late = { ...table, now: () => new Date(Date.now() + (knownAfterSeconds + 1) * 1000) };
  const counting = async () => {
    const pacer = { spent: async () => undefined };
    for (let run = 0; run < 30; run++) {
      const done = await countSeats({ table: late, tenant, pacer, isTimeUp: () => false }).catch(
        (error: unknown) => {
          if (!(error instanceof ScimError)) throw error;
          return false;
        },
      );
      if (done) return;
    }
    throw new Error("The count does not end.");
  };
  const disabling = all(12, (at) =>
    outcomeOf(async () => {
      const user = await users.get(tenant, ids[at * 2] ?? "");
      if (!user) throw new Error("The user is gone.");
      const rules = at % 2 ? withSeats(10) : defaultRules;
      await users.replace(tenant, user, { ...user.resource, active: false }, rules);
    }),
  );
  await Promise.all([counting(), disabling]);

  expect(await audit(tenant)).toEqual([]);
  const active = (await userStore(steady).page(tenant, 1, 100)).resources.filter(
    ({ resource }) => resource.active,
  );
  expect(active.length).toBeLessThan(24);
  expect(await seats(steady).read(tenant)).toEqual({
    limit: 10,
    taken: active.length,
    isCounted: true,
  });
});
