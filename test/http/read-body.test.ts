import { gzipSync } from "node:zlib";
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

const encoded = (bytes: Buffer, coding: string) => ({
  body: bytes.toString("base64"),
  isBase64Encoded: true,
  multiValueHeaders: { "content-encoding": [coding] },
});

test.each(["gzip", "GZip", "x-gzip", "identity, gzip"])(
  "a body in %s is read, whether or not API Gateway has undone it",
  (coding) => {
    const plain = Buffer.from('{"a":"é"}');
    expect(readBody(encoded(gzipSync(plain), coding))).toEqual({ a: "é" });
    expect(readBody(encoded(plain, coding))).toEqual({ a: "é" });
  },
);

test.each([
  ["br", Buffer.from("{}"), 415],
  ["gzip, gzip", gzipSync("{}"), 415],
  ["gzip", gzipSync("{}").subarray(0, 12), 400],
  ["gzip", Buffer.from([0x1f]), 400],
  ["gzip", gzipSync(Buffer.alloc(6 * 1024 * 1024 + 1, " ")), 413],
])(
  "a body in %s that is broken, too large or of another coding is refused",
  (coding, body, status) => {
    expect(() => readBody(encoded(body, coding))).toThrow(expect.objectContaining({ status }));
  },
);

test("a body in gzip may hold as much as one that is plain", () => {
  const body = Buffer.alloc(6 * 1024 * 1024, " ");
  expect(readBody(encoded(gzipSync(body), "gzip"))).toBeUndefined();
});
