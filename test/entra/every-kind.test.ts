import { expect, test } from "@jest/globals";
import { normalisePatch } from "../../lambdas/entra/normalise-patch.ts";
import { normaliseResource } from "../../lambdas/entra/normalise-resource.ts";
import type { Json, JsonObject } from "../../lambdas/scim/json.ts";
import { applyPatch } from "../../lambdas/scim/patch/apply.ts";
import { readOperations } from "../../lambdas/scim/patch/read.ts";
import { patchOpUrn } from "../../lambdas/scim/urns.ts";
import { readResource } from "../../lambdas/scim/validate.ts";
import { everyKind, everyKindExtensionUrn, everyKindUrn } from "./every-kind.ts";

const device: JsonObject = {
  schemas: [everyKindUrn],
  code: "c",
  owner: { value: "o", $ref: "/o" },
};

function patch(before: JsonObject, ...operations: readonly Json[]): JsonObject {
  const body = { schemas: [patchOpUrn], Operations: operations };
  return applyPatch(before, readOperations(normalisePatch(body, everyKind)), everyKind);
}

const texts = {
  string: ["7", "7"],
  boolean: ["True", true],
  decimal: ["0.5", 0.5],
  integer: ["7", 7],
  dateTime: ["2026-01-31T08:00:00Z", "2026-01-31T08:00:00Z"],
  binary: ["AAAA", "AAAA"],
  reference: ["/x", "/x"],
} as const;
const rows = Object.entries(texts).map(([type, [sent, read]]) => ({ type, sent, read }));

test.each(rows)("an added type's $type may be sent as the text $sent, wherever it is", (row) => {
  const { type, sent, read } = row;
  const kept = {
    [type]: read,
    [`${type}s`]: [read],
    [`${type}Value`]: { value: read },
    [`${type}Values`]: [{ value: read }],
    box: { [type]: read, [`${type}s`]: [read] },
    boxes: [{ [type]: read, [`${type}s`]: [read] }],
  };
  const given = {
    [type]: sent,
    [`${type}s`]: sent,
    [`${type}Value`]: sent,
    [`${type}Values`]: sent,
    box: { [type]: sent, [`${type}s`]: sent },
    boxes: { [type]: sent, [`${type}s`]: sent },
  };
  const created = { ...device, ...given, [everyKindExtensionUrn]: given };
  const expected = {
    ...device,
    schemas: [everyKindUrn, everyKindExtensionUrn],
    ...kept,
    [everyKindExtensionUrn]: kept,
  };
  expect(readResource(normaliseResource(created, everyKind), everyKind)).toEqual(expected);

  const paths = ["", `${everyKindExtensionUrn}:`].flatMap((urn) =>
    Object.entries(given).map(([name, value]) => ({ op: "Add", path: `${urn}${name}`, value })),
  );
  expect(patch(device, ...paths)).toEqual(expected);
  expect(patch(device, { op: "add", value: { ...given, [everyKindExtensionUrn]: given } })).toEqual(
    expected,
  );
});

test.each(rows)(
  "an added type's $type is cleared by an empty string, save a lone boolean",
  (row) => {
    const { type, sent, read } = row;
    const names = [type, `${type}s`, `${type}Value`, `${type}Values`];
    const full = patch(device, ...names.map((path) => ({ op: "Add", path, value: sent })));
    const cleared = patch(full, ...names.map((path) => ({ op: "Replace", path, value: "" })));
    expect(cleared).toEqual(type === "boolean" ? { ...device, boolean: read } : device);
    expect(patch(full, ...names.map((path) => ({ op: "Replace", path, value: null })))).toEqual(
      device,
    );
  },
);

test("an added type's value is created by the filter that finds none, in the filter's type", () => {
  const path = 'integerValues[primary eq "True"].value';
  const added = patch(device, { op: "Replace", path, value: "7" });
  expect(added).toEqual({ ...device, integerValues: [{ primary: true, value: 7 }] });
});

test.each([
  { op: "Replace", path: "integer", value: "seven" },
  { op: "Replace", path: "boolean", value: "perhaps" },
  { op: "Add", path: "integers", value: ["7", "x"] },
  { op: "Add", path: "dateTime", value: "soon" },
])("$value is still no value of $path", (operation) => {
  expect(() => patch(device, operation)).toThrow(
    expect.objectContaining({ status: 400, scimType: "invalidValue" }),
  );
});

test("an added type's members and roles are not taken for a group's and a user's", () => {
  const operations = [
    { op: "Add", path: "members", value: { integer: "7" } },
    { op: "Add", path: "roles", value: '{"value":"x"}' },
  ];
  expect(patch(device, ...operations)).toEqual({
    ...device,
    members: [{ integer: 7 }],
    roles: ['{"value":"x"}'],
  });
});

test("a required owner changes by its id, and is never removed on the way", () => {
  const before = { ...device, owner: { value: "o", $ref: "/o" } };
  const changed = patch(before, { op: "Replace", path: "owner", value: "p" });
  expect(changed["owner"]).toEqual({ value: "p", $ref: "/o" });
  expect(patch(before, { op: "Replace", path: "owner", value: "" })).toBe(before);
});
