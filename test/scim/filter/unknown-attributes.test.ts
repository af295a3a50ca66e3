import { expect, test } from "@jest/globals";
import { matcher } from "../../../lambdas/scim/filter/matches.ts";
import { parseFilter } from "../../../lambdas/scim/filter/parse.ts";
import { userType } from "../../../lambdas/scim/resource-types.ts";

test.each([
  ["members pr", false, ["members"]],
  ['members eq "x"', false, ["members"]],
  ['members ne "x"', true, ["members"]],
  ["members eq null", true, ["members"]],
  ["members ne null", false, ["members"]],
  ['members co "x"', false, ["members"]],
  ["not (members pr)", true, ["members"]],
  ['members[value eq "x"]', false, ["members", "members.value"]],
  ['emails[colour eq "red"]', false, ["emails.colour"]],
  ['emails[colour eq "red" or value pr]', true, ["emails.colour"]],
  ['userName eq "joy" and members ne "x"', true, ["members"]],
  ['userName eq "joy"', true, []],
])("%s is %p for a user, who has no %j", (text, expected, unknown) => {
  const told: string[] = [];
  const matches = matcher(parseFilter(text), userType, (path) => told.push(path));
  expect(matches({ userName: "joy", emails: [{ value: "a" }] })).toBe(expected);
  expect(told).toEqual(unknown);
});

test("what is never returned is refused even where the unknown is not", () => {
  expect(() => matcher(parseFilter("password pr"), userType, () => {})).toThrow(
    expect.objectContaining({ scimType: "invalidFilter" }),
  );
});
