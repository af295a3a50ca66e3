import { expect, test } from "@jest/globals";
import { keepRequired } from "../../lambdas/entra/required-attributes.ts";
import { groupType } from "../../lambdas/scim/resource-types.ts";
import { aim, type Short } from "./aim.ts";

test("what is required is not removed, and the rest of the request is done", () => {
  expect(keepRequired(aim(["remove", "userName"]))).toEqual([]);
  expect(keepRequired(aim(["remove", "userName", "x"]))).toEqual([]);
  expect(keepRequired(aim(["remove", "displayName"], groupType))).toEqual([]);
});

test.each<{ sent: Short }>`
  sent
  ${["replace", "userName", "x"]}
  ${["add", "userName", "x"]}
  ${["remove", "displayName"]}
  ${["remove", "emails"]}
  ${["remove", 'emails[type eq "work"].value']}
`("$sent is left alone", ({ sent }) => {
  const operation = aim(sent);
  expect(keepRequired(operation)[0]).toBe(operation);
});
