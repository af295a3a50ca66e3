import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { matches } from "../../lambdas/scim/filter/matches.ts";
import { parseFilter } from "../../lambdas/scim/filter/parse.ts";
import { printFilter } from "../../lambdas/scim/filter/print.ts";
import type { JsonObject } from "../../lambdas/scim/json.ts";
import { applyPatch } from "../../lambdas/scim/patch/apply.ts";
import { readPatchOp } from "../../lambdas/scim/patch/read.ts";
import { groupType, userType } from "../../lambdas/scim/resource-types.ts";
import { patchOpUrn } from "../../lambdas/scim/urns.ts";

/** An example of the RFC: what a PATCH makes of a resource, or how it is refused. */
interface PatchExample {
  readonly note: string;
  readonly type: keyof typeof types;
  readonly before: JsonObject;
  readonly operations: readonly JsonObject[];
  readonly after?: JsonObject;
  readonly error?: { readonly status: number; readonly scimType: string };
}

/** Filters of the RFC, and which of some resources each finds. */
interface FilterExample {
  readonly note: string;
  readonly type: keyof typeof types;
  readonly resources: { readonly [name: string]: JsonObject };
  readonly filters: readonly { readonly filter: string; readonly finds: readonly string[] }[];
}

const types = { User: userType, Group: groupType };

const folder = join(import.meta.dirname, "../fixtures/rfc7644");

/** Those of section 3.7, on bulk requests, are run against the store. */
const files = readdirSync(folder).filter((file) => !file.startsWith("3.7"));

const examples = files.map((file) => {
  const example: PatchExample | FilterExample = JSON.parse(
    readFileSync(join(folder, file), "utf8"),
  );
  return { file, example };
});

test("every file is named by its section and says what it shows", () => {
  expect(examples.length).toBeGreaterThan(20);
  for (const { file, example } of examples) {
    expect(file).toMatch(/^3\.\d(\.\d)+-[a-z-]+\.json$/);
    expect(example.note).toMatch(/^[A-Z].*\.$/);
    expect(types).toHaveProperty(example.type);
    const kinds = ["after", "error", "filters"].filter((name) => name in example);
    expect(kinds).toHaveLength(1);
  }
});

describe("a PATCH as in RFC 7644", () => {
  const patches = examples.flatMap(({ file, example }) =>
    "operations" in example ? [{ file, ...example }] : [],
  );

  test.each(patches)("$file", ({ type, before, operations, after, error }) => {
    const body = { schemas: [patchOpUrn], Operations: operations };
    const run = () => applyPatch(before, readPatchOp(body), types[type]);
    if (error) expect(run).toThrow(expect.objectContaining(error));
    else expect(run()).toEqual(after);
  });
});

describe("a filter as in RFC 7644", () => {
  const filters = examples.flatMap(({ example }) =>
    "filters" in example ? example.filters.map((one) => ({ ...example, ...one })) : [],
  );

  test.each(filters)("$filter", ({ type, resources, filter, finds }) => {
    const tree = parseFilter(filter);
    const found = Object.entries(resources).filter(([, resource]) =>
      matches(tree, resource, types[type]),
    );
    expect(found.map(([name]) => name)).toEqual(finds);
    expect(parseFilter(printFilter(tree))).toEqual(tree);
  });
});
