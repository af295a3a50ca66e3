import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { askedValues } from "../../../lambdas/scim/filter/asked-values.ts";
import type { Filter } from "../../../lambdas/scim/filter/filter.ts";
import { matches } from "../../../lambdas/scim/filter/matches.ts";
import { parseFilter } from "../../../lambdas/scim/filter/parse.ts";
import { groupType } from "../../../lambdas/scim/resource-types.ts";
import { groupUrn } from "../../../lambdas/scim/urns.ts";

const asked = (filter: string) => askedValues(parseFilter(filter), "members", groupType);

test.each<[string, readonly string[]]>([
  ['displayName eq "a"', []],
  ['members eq "a"', ["a"]],
  [`${groupUrn}:MEMBERS.Value eq "a"`, ["a"]],
  ['members[value eq "a" and type eq "User"]', ["a"]],
  ['members[type pr and (value eq "a" or value eq "b")]', ["a", "b"]],
  ['members[type eq "User"].value eq "a"', ["a"]],
  ['not (members eq "a") or id eq "b" and members[value eq "a"]', ["a"]],
  ['members eq "a" or members eq "b"', ["a", "b"]],
])("%s asks for %j alone", (filter, values) => {
  expect(asked(filter)).toEqual(values);
});

test.each([
  "members pr",
  "members eq null",
  'members eq ""',
  'members ne "a"',
  'members co "a"',
  'members.type eq "User"',
  'members eq "a" and members pr',
  'members[not (value eq "a")]',
  'members[value eq "a" or type eq "User"]',
  'members[value sw "a"]',
  "members[value pr]",
])("%s asks for more than whether some are there", (filter) => {
  expect(asked(filter)).toBeUndefined();
});

const word = fc.constantFrom("a", "A", "b", "c");
const operator = fc.constantFrom("eq", "eq", "eq", "ne", "sw");

/** With null alone, only for equality. */
const compared = fc.oneof(
  fc.record({ operator, value: fc.oneof(word, word, fc.constantFrom("User", "")) }),
  fc.record({ operator: fc.constantFrom("eq", "ne"), value: fc.constant(null) }),
);

const comparison = (paths: readonly string[]) =>
  fc
    .tuple(fc.constantFrom(...paths), compared)
    .map(([path, rest]) => ({ kind: "compare", path, ...rest }));

/** Filters over a group's members, and over those in brackets. */
const filters = (paths: readonly string[], inner?: fc.Arbitrary<Filter>): fc.Arbitrary<Filter> =>
  fc.letrec((tie) => ({
    filter: fc.oneof(
      { maxDepth: 3 },
      comparison(paths),
      fc.record({ kind: fc.constant("present"), path: fc.constantFrom(...paths) }),
      ...(inner
        ? [
            fc.record({
              kind: fc.constant("valuePath"),
              path: fc.constant("members"),
              filter: inner,
            }),
          ]
        : []),
      fc.record({ kind: fc.constant("not"), operand: tie("filter") }),
      fc.record({
        kind: fc.constantFrom("and", "or"),
        operands: fc.array(tie("filter"), { minLength: 2, maxLength: 3 }),
      }),
    ),
  })).filter as fc.Arbitrary<Filter>;

const members = fc.array(
  fc.record({ value: fc.constantFrom("a", "b", "c", "d"), type: fc.constantFrom("User", "Group") }),
  { maxLength: 4 },
);

test("a filter comes out the same for a group that holds only the members that it asks for", () => {
  const anyFilter = filters(
    ["members", "members.value", "displayName"],
    filters(["value", "type"]),
  );
  let narrowed = 0;
  fc.assert(
    fc.property(anyFilter, members, word, (filter, all, displayName) => {
      const values = askedValues(filter, "members", groupType)?.map((one) => one.toLowerCase());
      if (!values) return;
      narrowed++;
      const some = all.filter(({ value }) => values.includes(value));
      expect(matches(filter, { displayName, members: some }, groupType)).toBe(
        matches(filter, { displayName, members: all }, groupType),
      );
    }),
    { numRuns: 3000 },
  );
  expect(narrowed).toBeGreaterThan(500);
});
