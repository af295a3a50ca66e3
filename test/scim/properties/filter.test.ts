import { expect, test } from "@jest/globals";
import * as fc from "fast-check";
import { matches } from "../../../lambdas/scim/filter/matches.ts";
import { parseFilter } from "../../../lambdas/scim/filter/parse.ts";
import { printFilter } from "../../../lambdas/scim/filter/print.ts";
import { isObject } from "../../../lambdas/scim/json.ts";
import { parsePath } from "../../../lambdas/scim/path.ts";
import { groupType, userType } from "../../../lambdas/scim/resource-types.ts";
import { filters, jsonOf, pathsOf, refusesAtMost } from "../../support/arbitraries.ts";
import { everyKindType } from "../../support/every-kind.ts";

const types = [everyKindType, userType, groupType];

test("what is printed of a filter is read as the same filter", () => {
  fc.assert(
    fc.property(filters, (filter) => {
      expect(parseFilter(printFilter(filter))).toEqual(filter);
    }),
    { numRuns: 2000 },
  );
});

test("no text makes the reading of a filter or a path throw anything but a refusal", () => {
  const piece = fc.constantFrom(
    ..."a tags value urn:x:y . .b eq ne pr and or not ( ) [ ] true null 1 -1.5e9 é \\".split(" "),
    '"x"',
    '"',
    " ",
    "\n",
    "\ud800",
  );
  const text = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.array(piece).map((pieces) => pieces.join(" ")),
    fc.array(piece).map((pieces) => pieces.join("")),
    filters.map(printFilter),
    ...types.map(pathsOf),
  );
  fc.assert(
    fc.property(text, (given) => {
      expect(refusesAtMost(() => parseFilter(given))).toBe(true);
      for (const type of types) expect(refusesAtMost(() => parsePath(given, type))).toBe(true);
    }),
    { numRuns: 2000 },
  );
});

test.each(types.map((type) => [type.name, type] as const))(
  "no filter of a %s throws anything but a refusal, whatever the resource is",
  (_, type) => {
    const condition = fc
      .tuple(
        pathsOf(type),
        fc.constantFrom(
          "pr",
          "eq null",
          'eq "x"',
          "gt 1",
          "ne true",
          'co "a"',
          'lt "2026-01-31T08:00:00Z"',
          "",
        ),
      )
      .map((parts) => parts.join(" "));
    fc.assert(
      fc.property(condition, condition, jsonOf(type), (one, other, resource) => {
        expect(
          refusesAtMost(() => matches(parseFilter(`${one} or not (${other})`), resource, type)),
        ).toBe(true);
        expect(refusesAtMost(() => matches(parseFilter(one), resource, type))).toBe(true);
      }),
      { numRuns: 1000 },
    );
  },
);

test("a filter and its negation never agree", () => {
  const filter = fc
    .tuple(
      fc.constantFrom(
        "label",
        "tags",
        "counts",
        "entries",
        "entries.type",
        "place",
        "since",
        "size",
      ),
      fc.constantFrom("pr", "eq null", "ne null"),
    )
    .map((parts) => parts.join(" "));
  fc.assert(
    fc.property(filter, jsonOf(everyKindType).filter(isObject), (text, resource) => {
      const is = matches(parseFilter(text), resource, everyKindType);
      expect(matches(parseFilter(`not (${text})`), resource, everyKindType)).toBe(!is);
    }),
  );
});
