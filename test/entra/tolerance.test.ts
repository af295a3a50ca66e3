import { describe, expect, test } from "@jest/globals";
import * as fc from "fast-check";
import { toleranceOf } from "../../lambdas/entra/tolerance.ts";
import { ScimError } from "../../lambdas/scim/errors.ts";
import { parseFilter } from "../../lambdas/scim/filter/parse.ts";
import type { Json, JsonObject } from "../../lambdas/scim/json.ts";
import { applyPatch } from "../../lambdas/scim/patch/apply.ts";
import { userType } from "../../lambdas/scim/resource-types.ts";
import { enterpriseUserUrn, patchOpUrn, userUrn } from "../../lambdas/scim/urns.ts";
import { readResource } from "../../lambdas/scim/validate.ts";
import { cleanPatch, cleanUser } from "./rfc-clean.ts";

const strict = toleranceOf("rfc");
const tolerant = toleranceOf("entra");
const custom = "urn:ietf:params:scim:schemas:extension:Contoso:2.0:User";

describe("for a strict tenant nothing is changed:", () => {
  const operation = { op: "Replace", path: "active", value: "False" };
  const patch = { schemas: [patchOpUrn], Operations: [operation] };
  const user = { schemas: [userUrn], active: "True", department: "D", [custom]: { Shoe: "9" } };

  test.each([undefined, null, 7, [], user, patch])("not the body %j", (body) => {
    expect(strict.resource(body, userType)).toBe(body);
  });

  test("not the operations of a PATCH", () => {
    expect(strict.operations(patch, userType)).toEqual([
      { op: "replace", path: "active", value: "False" },
    ]);
  });

  test("not a filter, nor a list of names", () => {
    const filter = parseFilter('manager eq "m" and not (department pr)');
    expect(strict.filter(filter, userType)).toBe(filter);
    expect(strict.names(" manager,department", userType)).toBe(" manager,department");
  });

  test("not the type, save by what was kept when the tenant was not strict", () => {
    expect(strict.typeFor(userType, undefined, user)).toBe(userType);
    expect(strict.typeOf(userType, undefined, `${custom}:Shoe pr`)).toBe(userType);
    for (const type of [
      strict.typeFor(userType, user, { [custom]: { Hat: "7" } }),
      strict.typeOf(userType, user, `${custom}:Hat pr`),
    ]) {
      const [, added] = type.extensions;
      expect(added?.schema.attributes.map(({ name }) => name)).toEqual(["Shoe"]);
    }
  });
});

test("for every other tenant each function understands Entra", () => {
  const type = tolerant.typeFor(userType, undefined, { [`${custom}:Shoe`]: "9" });
  expect(type.extensions).toHaveLength(2);
  expect(tolerant.typeOf(userType, undefined, `${custom}:Shoe pr`).extensions).toHaveLength(2);
  expect(tolerant.names("department", userType)).toBe(`${enterpriseUserUrn}:department`);
  expect(tolerant.filter(parseFilter("manager pr"), userType)).toEqual(
    parseFilter(`${enterpriseUserUrn}:manager pr`),
  );
  expect(tolerant.resource({ schemas: [userUrn], active: "True" }, userType)).toEqual({
    schemas: [userUrn],
    active: true,
  });
  const Operations = [{ op: "Replace", path: "active", value: "False" }];
  expect(tolerant.operations({ schemas: [patchOpUrn], Operations }, userType)).toEqual([
    { op: "replace", path: "active", value: false, mayMiss: true },
  ]);
});

describe("what keeps to the RFCs means the same with and without tolerance:", () => {
  const created = (body: JsonObject, { resource, typeFor }: typeof strict) => {
    const type = typeFor(userType, undefined, body);
    return readResource(resource(body, type), type);
  };
  const patched = (
    before: JsonObject,
    body: JsonObject,
    { operations, typeFor }: typeof strict,
  ) => {
    const type = typeFor(userType, before, body);
    return applyPatch(before, operations(body, type), type);
  };

  test("a user that is created", () => {
    fc.assert(
      fc.property(cleanUser, (body) => {
        const expected = created(body, strict);
        expect(created(body, tolerant)).toEqual(expected);
      }),
      { numRuns: 1000 },
    );
  });

  test("a PATCH that the RFCs allow of the user that there is", () => {
    let understood = 0;
    fc.assert(
      fc.property(cleanUser, cleanPatch, (user, body) => {
        const before = created(user, strict);
        const expected = unlessRefused(() => patched(before, body, strict));
        if (expected === undefined) return;
        understood += 1;
        expect(patched(before, body, tolerant)).toEqual(expected);
      }),
      { numRuns: 3000 },
    );
    expect(understood).toBeGreaterThan(1000);
  });
});

/** What `run` gives; tolerance may understand what is refused without it. */
function unlessRefused(run: () => Json): Json | undefined {
  try {
    return run();
  } catch (error) {
    if (error instanceof ScimError) return undefined;
    throw error;
  }
}
