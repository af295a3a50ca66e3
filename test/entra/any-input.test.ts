import { expect, test } from "@jest/globals";
import * as fc from "fast-check";
import { withCustomExtensions } from "../../lambdas/entra/custom-extensions.ts";
import { normalisePatch } from "../../lambdas/entra/normalise-patch.ts";
import { normaliseResource } from "../../lambdas/entra/normalise-resource.ts";
import { ScimError } from "../../lambdas/scim/errors.ts";
import type { Json } from "../../lambdas/scim/json.ts";
import { applyPatch } from "../../lambdas/scim/patch/apply.ts";
import { readMembers, splitMembership } from "../../lambdas/scim/patch/membership.ts";
import { readPatchOp } from "../../lambdas/scim/patch/read.ts";
import { groupType, userType } from "../../lambdas/scim/resource-types.ts";
import { enterpriseUserUrn, groupUrn, patchOpUrn, userUrn } from "../../lambdas/scim/urns.ts";
import { readResource } from "../../lambdas/scim/validate.ts";

const urns = [userUrn, groupUrn, enterpriseUserUrn, "urn:x:Own:2.0:User", "urn:x:Own:2.0:User:a"];
const words = [
  "userName",
  "displayName",
  "NAME",
  "name.givenName",
  "emails",
  "roles",
  "active",
  "manager",
  "members",
  "value",
  "primary",
  "type",
  "schemas",
  "id",
  "meta",
  "Operations",
  "op",
  "path",
  "__proto__",
  "constructor",
  "prototype",
  "toString",
  "hasOwnProperty",
  "",
];
const filters = [
  '[type eq "work"]',
  '[primary eq "True"].value',
  "[value pr]",
  '[value eq "x" or value eq "y"]',
  "[",
  '[not (type eq "x")].display',
  ".value",
  ".x",
  "[__proto__ eq 1]",
];

const word = fc.constantFrom(...words, ...urns);
const path = fc.oneof(
  word,
  fc.tuple(word, fc.constantFrom(...filters)).map((parts) => parts.join("")),
  fc.tuple(fc.constantFrom(...urns), word).map((parts) => parts.join(":")),
  fc.string(),
);
const leaf = fc.oneof(
  fc.constantFrom("", "True", "false", "work", '{"value":"x"}', '{"value":{}}', "{", ...urns),
  fc.string(),
  fc.double({ noNaN: true }),
  fc.boolean(),
  fc.constant(null),
);

/** Objects as JSON.parse makes them, so that `__proto__` is a name like any other. */
const { json } = fc.letrec<{ json: Json }>((tie) => {
  const entries = fc.array(fc.tuple(path, tie("json")), { maxLength: 5 });
  return {
    json: fc.oneof(
      { maxDepth: 5, withCrossShrink: true },
      leaf,
      fc.array(tie("json"), { maxLength: 4 }),
      entries.map((members) => Object.fromEntries(members)),
    ),
  };
});

const operation = fc.record(
  { op: fc.constantFrom("Add", "replace", "REMOVE", "x"), path: fc.option(path), value: json },
  { requiredKeys: ["op"] },
);
const patchOp = fc
  .array(fc.oneof({ weight: 9, arbitrary: operation }, { weight: 1, arbitrary: json }), {
    maxLength: 6,
  })
  .map(
    (operations): Json => ({ schemas: [patchOpUrn], Operations: operations as readonly Json[] }),
  );
const body = fc.oneof(
  json,
  fc
    .array(fc.tuple(path, json))
    .map(
      (members): Json => ({ schemas: [userUrn], userName: "u", ...Object.fromEntries(members) }),
    ),
);

/** Whether `run` ends by itself or by a refusal; anything else it throws fails the test. */
function refusesAtMost(run: () => unknown): boolean {
  try {
    run();
  } catch (error) {
    if (!(error instanceof ScimError)) throw error;
    return error.status >= 400 && error.status < 500;
  }
  return true;
}

const user = { schemas: [userUrn], id: "1", userName: "u", emails: [{ value: "a", type: "work" }] };
const runs = { numRuns: 3000 };

test("no body makes a create throw anything but a refusal", () => {
  fc.assert(
    fc.property(body, (given) => {
      for (const type of [userType, groupType]) {
        expect(refusesAtMost(() => readResource(given, type))).toBe(true);
        expect(
          refusesAtMost(() => {
            const extended = withCustomExtensions(type, given);
            const { resource } = readMembers(normaliseResource(given, extended));
            return readResource(resource, extended);
          }),
        ).toBe(true);
      }
    }),
    runs,
  );
});

test("no body makes a PATCH throw anything but a refusal, and none pollutes what all objects have", () => {
  fc.assert(
    fc.property(fc.oneof(patchOp, json), (given) => {
      expect(refusesAtMost(() => applyPatch(user, readPatchOp(given), userType))).toBe(true);
      expect(
        refusesAtMost(() => {
          const type = withCustomExtensions(userType, user, given);
          const after = applyPatch(user, readPatchOp(normalisePatch(given, type)), type);
          expect(after["schemas"]).toContain(userUrn);
          expect(after["userName"]).toEqual(expect.any(String));
        }),
      ).toBe(true);
      expect(
        refusesAtMost(() =>
          splitMembership(readPatchOp(normalisePatch(given, groupType)), groupType),
        ),
      ).toBe(true);
    }),
    runs,
  );
  expect(Object.keys(Object.prototype)).toEqual([]);
});

test("what a tolerated create keeps is a resource that the strict core accepts as it is", () => {
  fc.assert(
    fc.property(body, (given) => {
      expect(
        refusesAtMost(() => {
          const type = withCustomExtensions(userType, given);
          const resource = readResource(normaliseResource(given, type), type);
          expect(readResource(resource, type)).toEqual(resource);
        }),
      ).toBe(true);
    }),
    runs,
  );
});

test("what a tolerated PATCH leaves is a resource that the strict core accepts as it is", () => {
  fc.assert(
    fc.property(patchOp, (given) => {
      expect(
        refusesAtMost(() => {
          const type = withCustomExtensions(userType, user, given);
          const { id: _, ...after } = applyPatch(
            user,
            readPatchOp(normalisePatch(given, type)),
            type,
          );
          expect(readResource(after, type)).toEqual(after);
        }),
      ).toBe(true);
    }),
    runs,
  );
});

test("deep nesting and long lists of brackets are only refused or ignored", () => {
  const deep = JSON.parse(`${"[".repeat(200_000)}${"]".repeat(200_000)}`);
  const brackets = "[".repeat(1_000_000);
  for (const value of [deep, brackets, { value: deep }, [deep]]) {
    for (const at of [
      "title",
      "emails",
      "roles",
      "manager",
      "members",
      "name",
      brackets,
      `emails${brackets}`,
    ]) {
      const given = {
        schemas: [patchOpUrn],
        Operations: [
          { op: "add", path: at, value },
          { op: "add", value: { [at]: value } },
        ],
      };
      expect(
        refusesAtMost(() =>
          applyPatch(user, readPatchOp(normalisePatch(given, userType)), userType),
        ),
      ).toBe(true);
      expect(
        refusesAtMost(() =>
          splitMembership(readPatchOp(normalisePatch(given, groupType)), groupType),
        ),
      ).toBe(true);
      expect(
        refusesAtMost(() =>
          readResource(normaliseResource({ userName: "u", [at]: value }, userType), userType),
        ),
      ).toBe(true);
    }
  }
});
