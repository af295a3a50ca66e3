import { expect, test } from "@jest/globals";
import * as fc from "fast-check";
import { foldCase } from "../../lambdas/scim/case-folding.ts";

test.each<{ a: string; b: string }>`
  a            | b
  ${"BJensen"} | ${"bjensen"}
  ${"É"}       | ${"e\u0301"}
  ${"ΑΣ"}      | ${"ας"}
  ${"ΑΣ"}      | ${"ασ"}
  ${"ẞ"}       | ${"ß"}
  ${"J\u030c"} | ${"ǰ"}
`("$a and $b are the same but for their case", ({ a, b }) => {
  expect(foldCase(a)).toBe(foldCase(b));
});

test("folding what is folded changes nothing", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      expect(foldCase(foldCase(text))).toBe(foldCase(text));
    }),
    { numRuns: 2000 },
  );
});
