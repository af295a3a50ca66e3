import { expect, test } from "@jest/globals";
import { readStringNumbers } from "../../lambdas/entra/string-numbers.ts";
import type { Json } from "../../lambdas/scim/json.ts";
import { attribute } from "../../lambdas/scim/schemas/define.ts";

const integer = attribute("level", "A level.", { type: "integer" });
const decimal = attribute("rate", "A rate.", { type: "decimal" });
const string = attribute("code", "A code.");
const attributes = {
  integer,
  decimal,
  string,
  integers: { ...integer, multiValued: true },
  complex: attribute("grades", "Grades.", {
    multiValued: true,
    subAttributes: [integer, decimal, string],
  }),
};

type Row = { kind: keyof typeof attributes; sent: Json; read: Json };

test.each<Row>`
  kind          | sent                                          | read
  ${"integer"}  | ${"7"}                                        | ${7}
  ${"integer"}  | ${" -007 "}                                   | ${-7}
  ${"integer"}  | ${"+7"}                                       | ${7}
  ${"integer"}  | ${"9007199254740991"}                         | ${9007199254740991}
  ${"decimal"}  | ${"7.50"}                                     | ${7.5}
  ${"decimal"}  | ${"-1e3"}                                     | ${-1000}
  ${"integers"} | ${["7", 8, "x"]}                              | ${[7, 8, "x"]}
  ${"complex"}  | ${[{ LEVEL: "7", rate: "0.5", code: "007" }]} | ${[{ LEVEL: 7, rate: 0.5, code: "007" }]}
`("of $kind, $sent is $read", ({ kind, sent, read }) => {
  expect(readStringNumbers(sent, attributes[kind])).toEqual(read);
});

test.each<Omit<Row, "read">>`
  kind         | sent
  ${"string"}  | ${"7"}
  ${"integer"} | ${7}
  ${"integer"} | ${""}
  ${"integer"} | ${"7.0"}
  ${"integer"} | ${"1e3"}
  ${"integer"} | ${"0x10"}
  ${"integer"} | ${"9007199254740993"}
  ${"integer"} | ${"seven"}
  ${"decimal"} | ${"7,5"}
  ${"decimal"} | ${"1e999"}
  ${"decimal"} | ${"NaN"}
  ${"decimal"} | ${"."}
  ${"decimal"} | ${true}
  ${"complex"} | ${[{ code: "7", unknown: "7" }, "7", null]}
`("of $kind, $sent is left alone", ({ kind, sent }) => {
  expect(readStringNumbers(sent, attributes[kind])).toBe(sent);
});
