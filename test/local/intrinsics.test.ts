import { expect, test } from "@jest/globals";
import type { Json } from "../../local/json.ts";
import { type References, resolve } from "../../local/template/intrinsics.ts";

const references: References = {
  ref: (name) => `ref(${name})`,
  attribute: (logicalId, name) => `attribute(${logicalId}, ${name})`,
};

test.each<{ template: Json; value: Json }>([
  { template: { Ref: "Table" }, value: "ref(Table)" },
  { template: { "Fn::GetAtt": ["Table", "Arn"] }, value: "attribute(Table, Arn)" },
  { template: { "Fn::GetAtt": "Table.Arn" }, value: "attribute(Table, Arn)" },
  { template: { "Fn::Join": ["-", ["a", { Ref: "B" }, "c"]] }, value: "a-ref(B)-c" },
  { template: { "Fn::Join": ["", []] }, value: "" },
  { template: { "Fn::Sub": "x-${A}-${B.Arn}" }, value: "x-ref(A)-attribute(B, Arn)" },
  { template: { "Fn::Sub": "${!A}" }, value: "${A}" },
  { template: { "Fn::Sub": ["${A}/${B}", { A: { Ref: "C" } }] }, value: "ref(C)/ref(B)" },
  { template: { "Fn::Select": [1, ["a", "b"]] }, value: "b" },
  { template: { "Fn::Select": ["0", { "Fn::Split": [":", "a:b"] }] }, value: "a" },
  { template: { "Fn::Split": ["/", { Ref: "A/B" }] }, value: ["ref(A", "B)"] },
  {
    template: { a: [1, true, null, { b: { Ref: "B" } }] },
    value: { a: [1, true, null, { b: "ref(B)" }] },
  },
  { template: { a: { Ref: "AWS::NoValue" }, b: 1 }, value: { b: 1 } },
  { template: [{ Ref: "AWS::NoValue" }, 1], value: [1] },
  { template: { Ref: "A", other: 1 }, value: { Ref: "A", other: 1 } },
])("$template stands for $value", ({ template, value }) => {
  expect(resolve(template, references)).toEqual(value);
});

test.each<{ template: Json; says: RegExp }>([
  { template: { "Fn::ImportValue": "x" }, says: /does not know the intrinsic Fn::ImportValue/ },
  { template: { a: { "Fn::If": ["C", 1, 2] } }, says: /does not know the intrinsic Fn::If/ },
  { template: { "Fn::Select": [2, ["a"]] }, says: /finds nothing at 2/ },
  { template: { "Fn::Join": ["", [{ a: 1 }]] }, says: /should be a string/ },
])("$template is refused rather than guessed", ({ template, says }) => {
  expect(() => resolve(template, references)).toThrow(says);
});
