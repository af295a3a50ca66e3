import { expect, test } from "@jest/globals";
import { takesGzip } from "../../lambdas/http/compress.ts";

test.each([
  ["gzip", true],
  ["GZIP", true],
  ["x-gzip", true],
  ["gzip, deflate, br", true],
  ["br;q=1.0, gzip;q=0.8, *;q=0.1", true],
  ["deflate, gzip ; q = 0.001", true],
  ["*", true],
  ["*;q=0.5, br", true],
  ["gzip;q=1, *;q=0", true],
  [undefined, false],
  ["", false],
  ["identity", false],
  ["br", false],
  ["gzip;q=0", false],
  ["gzip; Q=0.000", false],
  ["gzip;q=0, *", false],
  ["*;q=0", false],
  ["gzip;q=", false],
  ["gzip;q=many", false],
  ["gzipped", false],
])("Accept-Encoding %p takes gzip: %p", (acceptEncoding, expected) => {
  expect(takesGzip(acceptEncoding)).toBe(expected);
});
