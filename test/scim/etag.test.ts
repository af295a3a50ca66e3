import { expect, test } from "@jest/globals";
import { checkIfMatch, etagOf, isNotModified } from "../../lambdas/scim/etag.ts";

test.each([
  ['W/"1"', true],
  ['w/"1"', true],
  ['"1"', true],
  ["1", true],
  ["*", true],
  ['W/"7",W/"1"', true],
  ['"x,1,y"', false],
  ['"*"', false],
  ['W/"11"', false],
  ["", false],
  [",,", false],
])("the tags %s name version 1: %p", (tags, isNamed) => {
  expect(isNotModified({ ifNoneMatch: tags }, 1)).toBe(isNamed);
  const check = () => checkIfMatch({ ifMatch: tags }, 1);
  if (isNamed) expect(check).not.toThrow();
  else expect(check).toThrow(expect.objectContaining({ status: 412 }));
});

test("without a header nothing is asked for", () => {
  expect(isNotModified({}, 1)).toBe(false);
  expect(() => checkIfMatch({}, 1)).not.toThrow();
  expect(etagOf(12)).toBe('W/"12"');
});
