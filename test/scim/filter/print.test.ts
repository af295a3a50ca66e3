import { expect, test } from "@jest/globals";
import { parseFilter } from "../../../lambdas/scim/filter/parse.ts";
import { printFilter } from "../../../lambdas/scim/filter/print.ts";

test.each<{ filter: string; printed: string }>`
  filter                                                  | printed
  ${'userName   EQ "x"'}                                  | ${'userName eq "x"'}
  ${"(((title pr)))"}                                     | ${"title pr"}
  ${"externalId eq jyoung"}                               | ${'externalId eq "jyoung"'}
  ${"externalId eq 007"}                                  | ${'externalId eq "007"'}
  ${"a eq 1.50"}                                          | ${'a eq "1.50"'}
  ${"a eq -1.5 and b eq TRUE or c eq null"}               | ${'a eq -1.5 and b eq "TRUE" or c eq null'}
  ${'a eq "\\u0041\\n\\"\\/"'}                            | ${'a eq "A\\n\\"/"'}
  ${"(a pr and b pr) or (c pr and d pr)"}                 | ${"a pr and b pr or c pr and d pr"}
  ${"(a pr or b pr) and (c pr or d pr)"}                  | ${"(a pr or b pr) and (c pr or d pr)"}
  ${"a pr and (b pr and c pr)"}                           | ${"a pr and (b pr and c pr)"}
  ${"NOT(a pr OR (b pr))"}                                | ${"not (a pr or b pr)"}
  ${'emails[type eq "work"].value eq "x"'}                | ${'emails[type eq "work" and value eq "x"]'}
  ${'emails[a pr and b pr].value eq "x"'}                 | ${'emails[a pr and b pr and value eq "x"]'}
  ${'emails[(a pr or b pr)].value eq "x" and not (c pr)'} | ${'emails[(a pr or b pr) and value eq "x"] and not (c pr)'}
  ${"urn:x:2.0:User:a.b pr"}                              | ${"urn:x:2.0:User:a.b pr"}
`("$filter is printed as $printed", ({ filter, printed }) => {
  const tree = parseFilter(filter);
  expect(printFilter(tree)).toBe(printed);
  expect(parseFilter(printed)).toEqual(tree);
});
