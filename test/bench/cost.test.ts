import { beforeAll, describe, expect, test } from "@jest/globals";
import { readFigures } from "../../bench/cost/document.ts";
import {
  type Measured,
  measureAll,
  type OperationName,
  operationsWith,
} from "../../bench/cost/measure.ts";
import type { Cost } from "../../bench/cost/meter.ts";
import type { Budget, Operation } from "../../bench/cost/operation.ts";
import { markdown } from "../../bench/cost/report.ts";

const largeGroup = 10_000;

let measured: Measured;
beforeAll(async () => {
  measured = await measureAll(process.env.TEST_DYNAMODB_ENDPOINT ?? "", largeGroup);
}, 300_000);

const operations = (Object.entries(operationsWith(largeGroup)) as [OperationName, Operation][]).map(
  ([name, { title, budget, differs }]) => ({ name, title, budget, differs }),
);

const spent = ({ roundTrips, readUnits, writeUnits, indexWriteUnits }: Cost): Budget => ({
  roundTrips,
  readUnits,
  writeUnits: writeUnits + indexWriteUnits,
});

/** What of a cost is beyond the budget. */
function excess(cost: Cost, budget: Budget): Partial<Budget> {
  const isBeyond = ([what, units]: [string, number]) => units > budget[what as keyof Budget];
  return Object.fromEntries(Object.entries(spent(cost)).filter(isBeyond));
}

describe("keeps within what it may cost:", () => {
  test.each(operations.filter(({ budget }) => budget))("$title", ({ name, budget, differs }) => {
    const allowed = differs ?? budget;
    if (allowed) expect(excess(measured.costs[name], allowed)).toEqual({});
    expect(allowed).toBeDefined();
  });
});

describe("takes more than the design grants, as the page says that allows it:", () => {
  test.each(operations.filter(({ differs }) => differs))("$title", ({ name, budget }) => {
    if (budget) expect(excess(measured.costs[name], budget)).not.toEqual({});
    expect(budget).toBeDefined();
  });
});

test("a change to one member costs the same in a large group as in a small one", () => {
  const { costs } = measured;
  expect(costs.addMemberToLarge).toEqual(costs.addMember);
  expect(costs.removeMemberOfLarge).toEqual(costs.removeMember);
});

test("docs/cost.md has these figures; `node bench/cost/main.ts --write` writes them", () => {
  expect(readFigures()).toBe(markdown(measured));
});
