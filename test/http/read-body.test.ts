import { expect, test } from "@jest/globals";
import { readBody } from "../../lambdas/http/read-body.ts";

const nested = (depth: number) => "[".repeat(depth) + "]".repeat(depth);

test.each([
  ['{"a":[1,null]}', { a: [1, null] }],
  ['"text"', "text"],
  [nested(32), expect.anything()],
  ['{"a":"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["}', expect.anything()],
  ['{"a":"\\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["}', expect.anything()],
  ["", undefined],
  ["  \n", undefined],
  [null, undefined],
])("the body %p is read", (body, expected) => {
  expect(readBody({ body, isBase64Encoded: false })).toEqual(expected);
});

test.each([
  ["{"],
  ["{'a':1}"],
  ["undefined"],
  [nested(33)],
  [nested(1_000_000)],
  ["[1,]"],
  ["NaN"],
])("the body %.20p is refused as invalidSyntax", (body) => {
  expect(() => readBody({ body, isBase64Encoded: false })).toThrow(
    expect.objectContaining({ status: 400, scimType: "invalidSyntax" }),
  );
});

test("a body that comes as base64 is read as UTF-8", () => {
  const body = Buffer.from('{"a":"é"}').toString("base64");
  expect(readBody({ body, isBase64Encoded: true })).toEqual({ a: "é" });
});
