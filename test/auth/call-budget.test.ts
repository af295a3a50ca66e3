import { expect, test } from "@jest/globals";
import { callBudget } from "../../lambdas/auth/call-budget.ts";
import { handClock } from "../support/deployment.ts";

function aBudget(perMinute = 60) {
  const clock = handClock();
  return { clock, budget: callBudget(perMinute, clock.now) };
}

test("half of a minute's calls may come at once, and the others evenly", () => {
  const { clock, budget } = aBudget();
  const taken = () => {
    let count = 0;
    while (budget.take()) count++;
    return count;
  };
  expect(taken()).toBe(30);
  expect(budget.secondsLeft()).toBe(2);
  clock.pass(10_000);
  expect(taken()).toBe(5);
  clock.pass(3_600_000);
  expect(taken()).toBe(30);
});

test("in no minute are there more than it says", () => {
  const { clock, budget } = aBudget();
  const times: number[] = [];
  for (let at = 0; at < 3000; at++) {
    if ((at < 700 || at > 1400) && budget.take()) times.push(clock.now());
    clock.pass(100);
  }
  const inMinuteFrom = (start: number) =>
    times.filter((time) => time >= start && time < start + 60_000).length;
  const most = Math.max(...times.map(inMinuteFrom));
  expect(most).toBeLessThanOrEqual(60);
  expect(most).toBeGreaterThan(55);
});

test("what is given back may be taken again", () => {
  const { budget } = aBudget(2);
  expect([budget.take(), budget.take()]).toEqual([true, false]);
  budget.giveBack();
  expect([budget.take(), budget.take()]).toEqual([true, false]);
});
