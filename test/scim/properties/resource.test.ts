import { expect, test } from "@jest/globals";
import * as fc from "fast-check";
import { saySame } from "../../../lambdas/scim/equal.ts";
import type { Json, JsonObject } from "../../../lambdas/scim/json.ts";
import { applyPatch } from "../../../lambdas/scim/patch/apply.ts";
import { splitMembership } from "../../../lambdas/scim/patch/membership.ts";
import { readPatchOp } from "../../../lambdas/scim/patch/read.ts";
import { project, readProjection } from "../../../lambdas/scim/project.ts";
import { replaceResource } from "../../../lambdas/scim/replace.ts";
import { groupType, userType } from "../../../lambdas/scim/resource-types.ts";
import { patchOpUrn } from "../../../lambdas/scim/urns.ts";
import { readResource } from "../../../lambdas/scim/validate.ts";
import {
  bodyOf,
  jsonOf,
  namesOf,
  ownNames,
  pathsOf,
  refusesAtMost,
} from "../../support/arbitraries.ts";
import { everyKindType } from "../../support/every-kind.ts";

const types = [everyKindType, userType, groupType].map((type) => [type.name, type] as const);

test.each(types)("no body of a %s makes anything throw but a refusal, nor pollutes", (_, type) => {
  const json = jsonOf(type);
  const members = fc
    .array(fc.tuple(fc.constantFrom(...namesOf(type)), json))
    .map((entries): JsonObject => Object.fromEntries(entries));
  const operation = fc.record(
    {
      op: fc.constantFrom("Add", "replace", "REMOVE", "x"),
      path: fc.option(pathsOf(type), { nil: undefined }),
      value: fc.oneof(json, members),
    },
    { requiredKeys: ["op"] },
  );
  const operations = fc.array(fc.oneof({ weight: 9, arbitrary: operation }, json), {
    maxLength: 5,
  });
  const query = fc.record({ attributes: pathsOf(type), excludedAttributes: pathsOf(type) });

  fc.assert(
    fc.property(
      fc.record({ before: bodyOf(type), given: json, added: members, operations, query }),
      ({ before, given, added, operations: changes, query: asked }) => {
        const resource = readResource(before, type);
        const body = { schemas: [patchOpUrn], Operations: changes as readonly Json[] };
        for (const run of [
          () => readResource(given, type),
          () => replaceResource(resource, readResource({ ...before, ...added }, type), type),
          () => readPatchOp(given),
          () => applyPatch(resource, readPatchOp(body), type),
          () => splitMembership(readPatchOp(body), groupType),
          () => project(before, type, readProjection(asked, type)),
        ]) {
          expect(refusesAtMost(run)).toBe(true);
        }
      },
    ),
    { numRuns: 400 },
  );
  expect(Object.keys(Object.prototype)).toEqual([]);
});

test.each(types)("a %s that is read, stored and read again is the same", (_, type) => {
  fc.assert(
    fc.property(bodyOf(type), (body) => {
      const read = readResource(body, type);
      const stored: JsonObject = JSON.parse(JSON.stringify(read));
      expect(readResource(stored, type)).toEqual(read);
      expect(replaceResource(read, readResource(stored, type), type)).toBe(read);
    }),
    { numRuns: 200 },
  );
});

test.each(types)(
  "a PUT to a %s keeps nothing but what is guarded, and done twice it changes nothing",
  (_, type) => {
    const attributes = [type.schema, ...type.extensions.map(({ schema }) => schema)].flatMap(
      (schema) => schema.attributes,
    );
    const isFree = attributes
      .flatMap((one) => [one, ...(one.subAttributes ?? [])])
      .every(({ mutability }) => mutability === "readWrite");
    fc.assert(
      fc.property(bodyOf(type), bodyOf(type), (held, body) => {
        const before = readResource(held, type);
        const given = readResource(body, type);
        refusesAtMost(() => {
          const after = replaceResource(before, given, type);
          expect(replaceResource(after, given, type)).toBe(after);
          if (isFree) expect(after).toEqual(given);
          for (const [name, value] of Object.entries(given)) {
            if (
              type.schema.attributes.some(
                (one) => one.name === name && !one.subAttributes && one.mutability === "readWrite",
              )
            )
              expect(after[name]).toEqual(value);
          }
        });
      }),
      { numRuns: 200 },
    );
  },
);

test("what JavaScript gives every object is no attribute", () => {
  const body = JSON.parse(
    `{"schemas":["${userType.schema.id}"],"userName":"u",${ownNames
      .map((name) => `"${name}":{"active":true}`)
      .join()},"name":{${ownNames.map((name) => `"${name}":"x"`).join()}}}`,
  );
  expect(Object.keys(readResource(body, userType))).toEqual(["schemas", "userName"]);
  const user = { schemas: [userType.schema.id], userName: "u" };
  for (const name of ownNames) {
    for (const operation of [
      { op: "add", path: name, value: "x" },
      { op: "add", path: `name.${name}`, value: "x" },
      { op: "add", value: Object.fromEntries([[name, "x"]]) },
    ] as const) {
      expect(() => applyPatch(user, [operation], userType)).toThrow(
        expect.objectContaining({ scimType: "invalidPath" }),
      );
    }
    expect(project(user, userType, readProjection({ attributes: name }, userType))).toEqual({
      schemas: user.schemas,
    });
  }
  expect(Object.keys(Object.prototype)).toEqual([]);
});

const small = fc.letrec<{ json: Json }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.constantFrom<Json>(null, 0, -0, 1, "a", "1", true),
    fc.array(tie("json"), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom("a", "b", "__proto__"), tie("json"), {
      maxKeys: 2,
    }) as fc.Arbitrary<Json>,
  ),
})).json;

test("to say the same is an equivalence", () => {
  fc.assert(
    fc.property(small, small, small, (a, b, c) => {
      expect(saySame(a, structuredClone(a))).toBe(true);
      expect(saySame(a, b)).toBe(saySame(b, a));
      if (saySame(a, b)) expect(saySame(a, c)).toBe(saySame(b, c));
      if (Array.isArray(a)) expect(saySame(a, a.toReversed())).toBe(true);
    }),
    { numRuns: 2000 },
  );
});
