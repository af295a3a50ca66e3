import { describe, expect, test } from "@jest/globals";
import { expandKeys, expandMap } from "../../lambdas/entra/path-less-maps.ts";
import type { Json, JsonObject } from "../../lambdas/scim/json.ts";
import { groupType, userType } from "../../lambdas/scim/resource-types.ts";
import { enterpriseUserUrn, groupUrn, userUrn } from "../../lambdas/scim/urns.ts";

const mistyped = "urn:ietf:params:scim:schemas:extension:enterprise:2.0User";
const department = `${enterpriseUserUrn}:department`;

test.each<{ map: JsonObject; entries: Json }>`
  map                                                              | entries
  ${{ displayName: "J", title: "T" }}                              | ${[["displayName", "J"], ["title", "T"]]}
  ${{ "name.givenName": "J" }}                                     | ${[["name.givenName", "J"]]}
  ${{ 'emails[type eq "work"].value': "a" }}                       | ${[['emails[type eq "work"].value', "a"]]}
  ${{ [department]: "D" }}                                         | ${[[department, "D"]]}
  ${{ [enterpriseUserUrn]: { department: "D", shoe: "9" } }}       | ${[[department, "D"]]}
  ${{ [mistyped]: { department: "D" } }}                           | ${[[department, "D"]]}
  ${{ [userUrn.toUpperCase()]: { title: "T" } }}                   | ${[[`${userUrn}:title`, "T"]]}
  ${{ department: "D" }}                                           | ${[[department, "D"]]}
  ${{ name: { givenName: "J" } }}                                  | ${[["name", { givenName: "J" }]]}
  ${{ [enterpriseUserUrn]: null }}                                 | ${[[enterpriseUserUrn, null]]}
  ${{ schemas: ["x"], id: "x", meta: {}, groups: [], title: "T" }} | ${[["title", "T"]]}
  ${{ "shoe size": 1, "a.b.c": 2, constructor: 3, "[": 4 }}        | ${[]}
  ${{ [groupUrn]: { displayName: "G" } }}                          | ${[]}
  ${{}}                                                            | ${[]}
`("$map has the entries $entries", ({ map, entries }) => {
  expect(expandKeys(map, userType)).toEqual(entries);
});

test("a group's map has what a group has", () => {
  const map = { [userUrn]: { displayName: "U" }, [groupUrn]: { displayName: "G" } };
  expect(expandKeys(map, groupType)).toEqual([[`${groupUrn}:displayName`, "G"]]);
});

describe("of two keys that name the same", () => {
  const wrong = [
    ["department", null],
    [`${enterpriseUserUrn}.department`, "wrong"],
    [mistyped, { DEPARTMENT: "wrong" }],
  ] as const;
  const right = [
    [department, "right"],
    [enterpriseUserUrn, { department: "right" }],
    [enterpriseUserUrn.toUpperCase(), { Department: "right" }],
  ] as const;
  const pairs = wrong.flatMap((one) => right.map((other) => [one, other] as const));

  test.each(pairs)("%j gives way to %j, wherever it stands", (one, other) => {
    for (const entries of [
      [one, other],
      [other, one],
    ]) {
      const expanded = expandKeys(Object.fromEntries(entries), userType);
      expect(expanded.map(([, value]) => value)).toEqual(["right"]);
    }
  });

  test("the later comes last, and so prevails, if both are right or both are wrong", () => {
    const map = { title: "1", [`${userUrn}:title`]: "2", TITLE: "3" };
    expect(expandKeys(map, userType).map(([, value]) => value)).toEqual(["1", "2", "3"]);
    const twice = { department: "1", DEPARTMENT: "2" };
    expect(expandKeys(twice, userType).map(([, value]) => value)).toEqual(["1", "2"]);
  });

  test("a part is not the whole, nor one element another", () => {
    const map = {
      manager: "m",
      [`${enterpriseUserUrn}:manager.value`]: "n",
      'emails[type eq "work"].value': "w",
      'emails[type eq "home"].value': "h",
    };
    expect(expandKeys(map, userType).map(([, value]) => value)).toEqual(["m", "n", "w", "h"]);
  });
});

test("each entry becomes an operation of its own", () => {
  const value = { title: "T", [enterpriseUserUrn]: { department: "D" } };
  expect(expandMap({ op: "add", value }, userType)).toEqual([
    { op: "add", path: "title", value: "T" },
    { op: "add", path: department, value: "D" },
  ]);
});

test.each([enterpriseUserUrn, mistyped, enterpriseUserUrn.toUpperCase()])(
  "an operation on %s as a whole is opened, too",
  (path) => {
    const operation = { op: "replace", path, value: { department: "D" } } as const;
    expect(expandMap(operation, userType)).toEqual([
      { op: "replace", path: department, value: "D" },
    ]);
  },
);

test.each([
  { op: "replace", path: "name", value: { givenName: "J" } },
  { op: "add", path: "title", value: "T" },
  { op: "remove", path: enterpriseUserUrn },
  { op: "remove", value: { title: "T" } },
  { op: "add", value: ["title"] },
  { op: "add", path: enterpriseUserUrn, value: "x" },
] as const)("%j is left alone", (operation) => {
  expect(expandMap(operation, userType)[0]).toBe(operation);
});
