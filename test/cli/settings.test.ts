import { describe, expect, test } from "@jest/globals";
import { readSettings, settingNames, settingsOf, settingValues } from "../../cli/settings.ts";
import { settingShapes } from "../../lambdas/auth/tenant-settings.ts";

const settings = (...texts: readonly string[]) => settingsOf(readSettings(texts));

describe("a setting is read as", () => {
  test.each([
    { text: "seatLimit=500", expected: { seatLimit: 500 } },
    { text: "uniqueGroupNames=false", expected: { uniqueGroupNames: false } },
    { text: "strictness=rfc", expected: { strictness: "rfc" } },
    {
      text: "requiredAttributes=emails, name.familyName",
      expected: { requiredAttributes: ["emails", "name.familyName"] },
    },
    { text: "requiredAttributes=emails", expected: { requiredAttributes: ["emails"] } },
    { text: "patchAnswers.groups=resource", expected: { patchAnswers: { groups: "resource" } } },
    { text: "seatLimit=", expected: { seatLimit: null } },
    { text: "patchAnswers.groups=", expected: { patchAnswers: { groups: null } } },
  ])("$text", ({ text, expected }) => {
    expect(settings(text)).toEqual(expected);
  });
});

describe("a setting that makes no sense is refused", () => {
  test.each([
    { text: "seatlimt=5", says: 'There is no setting "seatlimt". Is seatLimit meant?' },
    { text: "requiredattributes=x", says: "Is requiredAttributes meant?" },
    { text: "zzzzzzzzzzz=1", says: "The settings are uniqueGroupNames," },
    { text: "seatLimit", says: "write seatLimit=value, or seatLimit= for the default" },
    { text: "seatLimit=many", says: "must be a whole number" },
    { text: "seatLimit=1.5", says: "must be a whole number" },
    { text: "uniqueGroupNames=yes", says: "must be true or false" },
    { text: "strictness=lax", says: "must be one of entra, rfc" },
    { text: "requiredAttributes=a,,b", says: "a comma too many" },
    { text: "patchAnswers=resource", says: "set part by part: patchAnswers.users=" },
    { text: "patchAnswers.user=resource", says: "Is patchAnswers.users meant?" },
  ])("$text", ({ text, says }) => {
    expect(() => readSettings([text])).toThrow(says);
  });

  test("one that is given twice", () => {
    expect(() => readSettings(["seatLimit=1", "seatLimit=2"])).toThrow("seatLimit is given twice");
  });
});

test("parts of one setting are set together", () => {
  expect(settings("patchAnswers.groups=resource", "patchAnswers.users=")).toEqual({
    patchAnswers: { groups: "resource", users: null },
  });
});

test("every setting of the service can be given, and its values are known where they are few", () => {
  const named = new Set(settingNames.map((name) => name.split(".")[0]));
  expect([...named]).toEqual(Object.keys(settingShapes));
  expect(settingValues("patchAnswers.groups")).toEqual(["resource", "noContent"]);
  expect(settingValues("uniqueGroupNames")).toEqual(["true", "false"]);
  expect(settingValues("seatLimit")).toEqual([]);
});
