import { expect, test } from "@jest/globals";
import * as fc from "fast-check";
import { ScimError } from "../../../lambdas/scim/errors.ts";
import { parseFilter } from "../../../lambdas/scim/filter/parse.ts";

const is = (path: string, value: unknown, operator = "eq") => ({
  kind: "compare",
  path,
  operator,
  value,
});

test.each<{ filter: string; tree: object }>`
  filter                                                        | tree
  ${'userName eq "bjensen"'}                                    | ${is("userName", "bjensen")}
  ${'userName Eq "bjensen"'}                                    | ${is("userName", "bjensen")}
  ${"externalId eq jyoung"}                                     | ${is("externalId", "jyoung")}
  ${"externalId eq jyoung@contoso.com"}                         | ${is("externalId", "jyoung@contoso.com")}
  ${"active eq true"}                                           | ${is("active", true)}
  ${"title eq null"}                                            | ${is("title", null)}
  ${"a gt -1.5"}                                                | ${is("a", -1.5, "gt")}
  ${"externalId eq 007"}                                        | ${is("externalId", "007")}
  ${"externalId eq 12345678901234567890"}                       | ${is("externalId", "12345678901234567890")}
  ${'title eq "a \\"quoted\\" \\\\ \\u00e9"'}                   | ${is("title", 'a "quoted" \\ é')}
  ${'title eq "a ] ) and b"'}                                   | ${is("title", "a ] ) and b")}
  ${"title pr"}                                                 | ${{ kind: "present", path: "title" }}
  ${"urn:ietf:params:scim:schemas:core:2.0:User:userName sw J"} | ${is("urn:ietf:params:scim:schemas:core:2.0:User:userName", "J", "sw")}
  ${"a eq 1 or b eq 2 and c eq 3"}                              | ${{ kind: "or", operands: [is("a", 1), { kind: "and", operands: [is("b", 2), is("c", 3)] }] }}
  ${"(a eq 1 OR b eq 2) AND c eq 3"}                            | ${{ kind: "and", operands: [{ kind: "or", operands: [is("a", 1), is("b", 2)] }, is("c", 3)] }}
  ${"not (a eq 1)"}                                             | ${{ kind: "not", operand: is("a", 1) }}
  ${"not(a eq 1) and b pr"} | ${{ kind: "and", operands: [{ kind: "not", operand: is("a", 1) }, { kind: "present", path: "b" }] }}
  ${'emails[type eq "work" and value co "@x"]'}                 | ${{ kind: "valuePath", path: "emails", filter: { kind: "and", operands: [is("type", "work"), is("value", "@x", "co")] } }}
  ${'emails[type eq "work"].value eq "u@x"'}                    | ${{ kind: "valuePath", path: "emails", filter: { kind: "and", operands: [is("type", "work"), is("value", "u@x")] } }}
`("$filter is read", ({ filter, tree }) => {
  expect(parseFilter(filter)).toEqual(tree);
});

test.each<{ filter: string; detail: string }>`
  filter                                    | detail
  ${""}                                     | ${"the end at character 1 where the name of an attribute"}
  ${"userName"}                             | ${"the end at character 9 where an operator (pr, eq"}
  ${"userName eq"}                          | ${"the end at character 12 where a value"}
  ${'userName is "x"'}                      | ${'"is" at character 10 where an operator'}
  ${'userName eq "x'}                       | ${"string at character 13 never ends"}
  ${'userName eq "\t"'}                     | ${"character 13 is not written as a JSON string"}
  ${'userName eq "x" title pr'}             | ${'"title" at character 17 where "and", "or" or the end'}
  ${'(userName eq "x"'}                     | ${'the end at character 17 where ")"'}
  ${'emails[type eq "work"'}                | ${'the end at character 22 where "]"'}
  ${'emails[type eq "work"] .value eq "x"'} | ${'".value" at character 24'}
  ${'emails[type eq "work"].value'}         | ${"the end at character 29 where an operator"}
  ${'"userName" eq "x"'}                    | ${'"userName" at character 1 where the name'}
  ${"not userName pr"}                      | ${'"userName" at character 5 where an operator'}
  ${"userName eq (x)"}                      | ${'"(" at character 13 where a value'}
  ${"(".repeat(33)}                         | ${"nests deeper than 32"}
  ${Array(501).fill("a pr").join(" or ")}   | ${"more than 500 terms"}
  ${`userName eq "${"x".repeat(9000)}"`}    | ${"at most 8192 are read"}
`(
  "a filter that cannot be read is answered with what was expected where: $detail",
  ({ filter, detail }) => {
    expect(() => parseFilter(filter)).toThrow(
      expect.objectContaining({
        status: 400,
        scimType: "invalidFilter",
        detail: expect.stringContaining(detail),
      }),
    );
  },
);

test("no text makes the parser throw anything but a ScimError", () => {
  const piece = fc.constantFrom(
    "a",
    "eq",
    "and",
    "or",
    "not",
    "(",
    ")",
    "[",
    "]",
    '"x"',
    '"',
    ".b",
    " ",
    "\\",
    "1",
  );
  const text = fc.oneof(
    fc.string(),
    fc.array(piece).map((pieces) => pieces.join(" ")),
    fc.array(piece).map((pieces) => pieces.join("")),
  );
  fc.assert(
    fc.property(text, (filter) => {
      try {
        parseFilter(filter);
      } catch (error) {
        expect(error).toBeInstanceOf(ScimError);
      }
    }),
    { numRuns: 2000 },
  );
});

test("a backslash that escapes nothing stands for itself", () => {
  const valueOf = (text: string) => parseFilter(`userName eq ${text}`);
  expect(valueOf('"CORP\\joe"')).toMatchObject({ value: "CORP\\joe" });
  expect(valueOf('"a\\\\b \\" \\u0041 \\u12"')).toMatchObject({ value: 'a\\b " A \\u12' });
});
