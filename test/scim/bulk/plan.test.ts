import { expect, test } from "@jest/globals";
import * as fc from "fast-check";
import { planBulk, type Step } from "../../../lambdas/scim/bulk/plan.ts";
import { readBulkRequest } from "../../../lambdas/scim/bulk/read.ts";
import type { JsonObject } from "../../../lambdas/scim/json.ts";
import { bulkRequestUrn } from "../../../lambdas/scim/urns.ts";

const members = (bulkIds: readonly string[]) => bulkIds.map((id) => ({ value: `bulkId:${id}` }));

const post = (bulkId: string, ...needs: string[]): JsonObject => ({
  method: "POST",
  path: "/Groups",
  bulkId,
  data: { members: members(needs) },
});

const patch = (id: string, ...needs: string[]): JsonObject => ({
  method: "PATCH",
  path: `/Groups/${id}`,
  data: { Operations: [{ op: "add", path: "members", value: members(needs) }] },
});

const plan = (operations: readonly JsonObject[]) =>
  planBulk(
    readBulkRequest({ schemas: [bulkRequestUrn], Operations: operations }, "https://x").operations,
  );

/** Such as `0` for what is run, `0?x` for what is run without x, `0!` for what is then completed, `0-` for what is refused. */
const shown = (step: Step) => {
  if (step.kind === "complete") return `${step.at}!`;
  if (step.kind === "refuse") return `${step.at}-`;
  return step.leftOut.length > 0 ? `${step.at}?${step.leftOut.join()}` : `${step.at}`;
};

test.each<{ operations: readonly JsonObject[]; order: string; because: string }>`
  operations                                                         | order                  | because
  ${[]}                                                              | ${""}                  | ${"there is nothing to do"}
  ${[patch("1"), post("a"), patch("2")]}                             | ${"0 1 2"}             | ${"what does not refer stays where it is"}
  ${[post("a"), patch("1", "a")]}                                    | ${"0 1"}               | ${"it refers back"}
  ${[patch("1", "a"), patch("1"), post("a")]}                        | ${"2 0 1"}             | ${"a creation comes first, and changes keep their order"}
  ${[patch("bulkId:a"), post("a")]}                                  | ${"1 0"}               | ${"a path refers as well"}
  ${[post("a", "b"), post("b", "c"), post("c")]}                     | ${"2 1 0"}             | ${"each needs the next"}
  ${[post("a", "a")]}                                                | ${"0?a 0!"}            | ${"it refers to itself"}
  ${[post("a", "b"), post("b", "a")]}                                | ${"1?a 0 1!"}          | ${"two refer to each other"}
  ${[post("a", "b"), post("b", "c"), post("c", "a")]}                | ${"2?a 1 0 2!"}        | ${"three refer in a circle"}
  ${[post("a", "b", "c"), post("b", "a", "c"), post("c", "a", "b")]} | ${"2?a,b 1?a 0 2! 1!"} | ${"each refers to all others"}
  ${[patch("1", "a"), post("a", "b"), post("b", "a"), patch("2")]}   | ${"2?a 1 2! 0 3"}      | ${"what refers to a circle waits for all of it"}
  ${[post("a", "x"), patch("1", "a")]}                               | ${"0- 1"}              | ${"nothing has this bulkId"}
  ${[post("__proto__"), patch("1", "__proto__", "constructor")]}     | ${"0 1-"}              | ${"a bulkId is no name of JavaScript's own"}
  ${[{ method: "POST", bulkId: "a" }, patch("1", "a")]}              | ${"0- 1"}              | ${"a faulty operation has its bulkId all the same"}
  ${[{ ...patch("1"), bulkId: "p" }, patch("2", "p")]}               | ${"0 1-"}              | ${"a PATCH creates nothing to refer to"}
`("the order is $order: $because", ({ operations, order }) => {
  expect(plan(operations).map(shown).join(" ")).toBe(order);
});

test("a reference to a bulkId that nothing has is refused by its name", () => {
  expect(plan([patch("1", "missing")])).toMatchObject([
    { kind: "refuse", operation: { error: { status: 400, scimType: "invalidValue" } } },
  ]);
});

test("a thousand operations, each needing the next, and a thousand in a circle are planned", () => {
  const chain = Array.from({ length: 1000 }, (_, at) =>
    post(`${at}`, ...(at < 999 ? [`${at + 1}`] : [])),
  );
  expect(plan(chain).map(({ at }) => at)).toEqual(
    Array.from({ length: 1000 }, (_, at) => 999 - at),
  );
  const circle = Array.from({ length: 1000 }, (_, at) => post(`${at}`, `${(at + 1) % 1000}`));
  expect(plan(circle).map(shown).slice(-2)).toEqual(["0", "999!"]);
});

test("whoever refers to whom, all are run once, after what they need, and completed once all exists", () => {
  const given = fc.array(fc.array(fc.nat(11), { maxLength: 4 }), { minLength: 12, maxLength: 12 });
  fc.assert(
    fc.property(given, (needs) => {
      const steps = plan(needs.map((others, at) => post(`${at}`, ...others.map(String))));
      const runs = steps.filter(({ kind }) => kind === "run").map(({ at }) => at);
      expect(runs.toSorted((one, other) => one - other)).toEqual([...needs.keys()]);

      const exists = new Set<string>();
      for (const step of steps) {
        if (step.kind === "complete") expect(step.leftOut.every((id) => exists.has(id))).toBe(true);
        if (step.kind !== "run") continue;
        expect(step.needs.every((id) => exists.has(id))).toBe(true);
        const all = new Set(needs[step.at]?.map(String));
        expect(new Set([...step.needs, ...step.leftOut])).toEqual(all);
        exists.add(`${step.at}`);
      }
      const circles = steps.filter((step) => step.kind === "run" && step.leftOut.length > 0);
      const completed = steps.filter(({ kind }) => kind === "complete");
      expect(new Set(completed.map(({ at }) => at))).toEqual(new Set(circles.map(({ at }) => at)));
      expect(completed).toHaveLength(circles.length);
    }),
  );
});

test("a thousand operations that refer to forty others each are planned in a moment", () => {
  const others = Array.from({ length: 40 }, (_, at) => `${at * 25}`);
  const operations = Array.from({ length: 1000 }, (_, at) => post(`${at}`, ...others));
  const begun = performance.now();
  expect(plan(operations).filter(({ kind }) => kind === "run")).toHaveLength(1000);
  expect(performance.now() - begun).toBeLessThan(3000);
});
