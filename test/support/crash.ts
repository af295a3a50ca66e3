import { setTimeout as sleep } from "node:timers/promises";
import { groupStore } from "../../lambdas/store/dynamodb/groups.ts";
import type { Table } from "../../lambdas/store/dynamodb/table.ts";
import {
  CutOff,
  cutOffAfter,
  defaultRules,
  doBackgroundWork,
  itemsOf,
  testTable,
  update,
} from "./store.ts";
import { testDb } from "./table.ts";

/** Whether `run` made more than `calls` calls, and was cut off after those. */
export async function cutOffAt(
  calls: number,
  run: (cut: Table) => Promise<unknown>,
): Promise<boolean> {
  return isCutOff(() => run(testTable({ db: cutOffAfter(calls) })));
}

export async function isCutOff(run: () => Promise<unknown>): Promise<boolean> {
  try {
    await run();
    return false;
  } catch (error) {
    if (!(error instanceof CutOff)) throw error;
    return true;
  }
}

/** A table whose process ends with its first transaction. */
function endingOnceCommitted(): Table {
  const db = testDb();
  let isCommitted = false;
  db.middlewareStack.add(
    (next, context) => async (args) => {
      if (isCommitted) throw new CutOff();
      const answer = await next(args);
      isCommitted = context.commandName === "TransactWriteItemsCommand";
      return answer;
    },
    { step: "initialize", name: "endingOnceCommitted" },
  );
  return testTable({ db });
}

/** Commits a change too large for one transaction, and carries nothing of it over. */
export async function leavePending(
  tenant: string,
  groupId: string,
  add: readonly string[],
  remove: readonly string[] = [],
): Promise<void> {
  const groups = groupStore(endingOnceCommitted());
  const change = update(add, remove);
  await isCutOff(() => groups.changeMembers(tenant, groupId, change, defaultRules));
}

/** Does a tenant's background work in as many runs as it takes. */
export async function finishWork(tenant: string, over: Partial<Table> = {}): Promise<void> {
  for (let run = 0; run < 20; run++) {
    const { left, failures } = await doBackgroundWork(tenant, over);
    if (failures.length > 0) throw failures[0];
    if (!left) return;
    await sleep(5);
  }
  throw new Error("Work is left.");
}

/** What is in the table only as long as work waits. */
export async function workLeft(tenant: string): Promise<readonly string[]> {
  const waiting = (await itemsOf(tenant)).filter(
    ({ sk, pk, pendingChange }) =>
      String(sk).startsWith("CHANGE#") ||
      String(pk).endsWith("#SWEEP") ||
      pendingChange !== undefined,
  );
  return waiting.map(({ pk, sk }) => `${String(pk)} ${String(sk)}`);
}
