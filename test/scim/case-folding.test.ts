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

test.each<{ a: string; b: string }>`
  a      | b
  ${"ſ"} | ${"S"}
  ${"µ"} | ${"Μ"}
  ${"ϐ"} | ${"Β"}
  ${"ẛ"} | ${"Ṡ"}
  ${"K"} | ${"k"}
`("$a is $b in another case", ({ a, b }) => {
  expect(foldCase(`é${a}`)).toBe(foldCase(`é${b}`));
});

test.each<{ a: string; b: string }>`
  a      | b
  ${"ı"} | ${"i"}
  ${"İ"} | ${"i"}
  ${"İ"} | ${"i\u0307"}
  ${"ß"} | ${"ss"}
  ${"ŉ"} | ${"ʼn"}
`("$a is another letter than $b", ({ a, b }) => {
  expect(foldCase(`é${a}`)).not.toBe(foldCase(`é${b}`));
});

test("every letter folds to one that Unicode's simple case folding holds for the same", () => {
  const wrong: string[] = [];
  for (let point = 0; point < 0x1_1000; point++) {
    const letter = String.fromCodePoint(point);
    const isAlone = !letter.isWellFormed() || letter.normalize("NFC") !== letter;
    const fold = isAlone ? letter : foldCase(letter);
    // JavaScript compares so where a pattern has the flags i and u.
    const pattern = `^\\u{${point.toString(16)}}$`;
    if (fold !== letter && !new RegExp(pattern, "iu").test(fold)) wrong.push(letter);
  }
  expect(wrong).toEqual([]);
});
