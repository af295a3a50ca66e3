import { expect, test } from "@jest/globals";
import * as fc from "fast-check";
import { findAttribute } from "../../../lambdas/scim/attribute-path.ts";
import { ScimError } from "../../../lambdas/scim/errors.ts";
import type { Json, JsonObject } from "../../../lambdas/scim/json.ts";
import { applyPatch } from "../../../lambdas/scim/patch/apply.ts";
import type { Operation } from "../../../lambdas/scim/patch/read.ts";
import { userType } from "../../../lambdas/scim/resource-types.ts";
import type { Attribute, ResourceType } from "../../../lambdas/scim/schema.ts";
import { readResource } from "../../../lambdas/scim/validate.ts";
import { bodyOf, oneValueOf, valueOf } from "../../support/arbitraries.ts";
import { everyKindType } from "../../support/every-kind.ts";

const types = [everyKindType, userType].map((type) => [type.name, type] as const);

/** Each attribute of a type under the name by which a path leads to it. */
function named(type: ResourceType): readonly (readonly [string, Attribute])[] {
  return [
    ...type.schema.attributes.map((one) => [one.name, one] as const),
    ...type.extensions.flatMap(({ schema }) =>
      schema.attributes.map((one) => [`${schema.id}:${one.name}`, one] as const),
    ),
  ];
}

/** An operation that fits the schema. What it says may still be refused. */
function operationOn(type: ResourceType): fc.Arbitrary<Operation> {
  return fc.constantFrom(...named(type)).chain(([path, attribute]) => {
    const whole = operation(path, valueOf(attribute));
    const subs = attribute.subAttributes ?? [];
    if (subs.length === 0) return whole;
    const sub = fc.constantFrom(...subs);
    const part = sub.chain((one) => operation(`${path}.${one.name}`, valueOf(one)));
    if (!attribute.multiValued) return fc.oneof(whole, part);
    const filter = fc.constantFrom(
      '[value eq "a"]',
      '[type eq "b"]',
      '[not (value eq "a")]',
      "[type pr]",
    );
    const one = filter.chain((text) => operation(path + text, oneValueOf(attribute)));
    const partOfOne = fc
      .tuple(filter, sub)
      .chain(([text, { name, ...rest }]) =>
        operation(`${path}${text}.${name}`, valueOf({ name, ...rest })),
      );
    return fc.oneof(whole, part, one, partOfOne);
  });
}

function operation(path: string, value: fc.Arbitrary<Json>): fc.Arbitrary<Operation> {
  return fc.oneof(
    fc.record({
      op: fc.constantFrom("add" as const, "replace" as const),
      path: fc.constant(path),
      value,
    }),
    fc.constant({ op: "remove" as const, path }),
  );
}

/** What becomes of `before`, or undefined if the operations are refused. */
function attempt(
  before: JsonObject,
  operations: readonly Operation[],
  type: ResourceType,
): JsonObject | undefined {
  try {
    return applyPatch(before, operations, type);
  } catch (error) {
    if (error instanceof ScimError) return undefined;
    throw error;
  }
}

test.each(types)("a PATCH of a %s never touches what it does not name", (_, type) => {
  const operations = fc.array(operationOn(type), { minLength: 1, maxLength: 3 });
  let applied = 0;
  fc.assert(
    fc.property(bodyOf(type), operations, (body, changes) => {
      const before = readResource(body, type);
      const copy = structuredClone(before);
      const after = attempt(before, changes, type);
      expect(before).toEqual(copy);
      if (!after) return;
      applied++;

      const touched = new Set(changes.map(({ path = "" }) => headOf(path)));
      for (const [path] of named(type)) {
        if (!touched.has(path))
          expect(valueAt(after, path, type)).toBe(valueAt(before, path, type));
      }
      const { schemas, ...rest } = after;
      expect(readResource({ schemas, ...rest } as JsonObject, type)).toEqual(after);
    }),
    { numRuns: 500 },
  );
  expect(applied).toBeGreaterThan(100);
});

function headOf(path: string): string {
  const bare = path.replace(/\[.*/, "");
  const name = bare.slice(bare.lastIndexOf(":") + 1).replace(/\..*/, "");
  return bare.slice(0, bare.lastIndexOf(":") + 1) + name;
}

function valueAt(resource: JsonObject, path: string, type: ResourceType): Json | undefined {
  const found = findAttribute(path, type);
  const holder = found?.extension ? resource[found.extension.name] : resource;
  return (holder as JsonObject | undefined)?.[found?.attribute.name ?? ""];
}

/**
 * RFC 7644, section 3.5.2 lets a PATCH be sent again without harm save where what it changed is
 * what its path chose by: then the second finds nothing (noTarget), or other values than the first.
 */
test.each(types)(
  "an operation on a %s that chooses by no filter, done twice, is done once",
  (_, type) => {
    const unfiltered = operationOn(type).filter(({ path = "" }) => !path.includes("["));
    let applied = 0;
    fc.assert(
      fc.property(bodyOf(type), unfiltered, (body, change) => {
        const once = attempt(readResource(body, type), [change], type);
        if (!once) return;
        applied++;
        expect(applyPatch(once, [change], type)).toBe(once);
      }),
      { numRuns: 500 },
    );
    expect(applied).toBeGreaterThan(100);
  },
);

test("so is one that chooses by a filter and leaves alone what that asks for", () => {
  const entries = fc.array(
    fc.record({ value: fc.constantFrom("a", "b", "c"), type: fc.constantFrom("a", "b") }),
    { maxLength: 4 },
  );
  const filter = fc.constantFrom(
    '[type eq "b"]',
    '[value eq "a"]',
    "[type pr]",
    '[not (value eq "a")]',
  );
  const change = fc.record({
    op: fc.constantFrom("add" as const, "replace" as const, "remove" as const),
    path: filter.map((text) => `entries${text}.note`),
    value: fc.constantFrom("n", "m"),
  });
  const { schema } = everyKindType;
  const type = { ...everyKindType, extensions: [] };
  fc.assert(
    fc.property(entries, change, (held, one) => {
      const before = readResource({ schemas: [schema.id], label: "l", entries: held }, type);
      const once = attempt(before, [one], type);
      expect(once && attempt(once, [one], type)).toBe(once);
    }),
  );
});

test("a replace by a filter that what it sets no longer satisfies finds nothing the second time", () => {
  const type = { ...everyKindType, extensions: [] };
  const before = { schemas: [type.schema.id], label: "l", entries: [{ value: "a" }] };
  const change = { op: "replace", path: 'entries[value eq "a"].value', value: "b" } as const;
  const once = applyPatch(before, [change], type);
  expect(once["entries"]).toEqual([{ value: "b" }]);
  expect(() => applyPatch(once, [change], type)).toThrow(
    expect.objectContaining({ scimType: "noTarget" }),
  );
});
