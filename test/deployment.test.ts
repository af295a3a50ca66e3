import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { readDeploymentTypes } from "../lambdas/deployment.ts";
import { standardTypes } from "../lambdas/scim/resource-types.ts";

/** A folder as a bundle's is, with what `lib/` puts into it. */
function aBundle(documents: unknown): string {
  const folder = mkdtempSync(join(tmpdir(), "rollcall-bundle-"));
  writeFileSync(join(folder, "schemas.json"), JSON.stringify(documents));
  return folder;
}

test("a function has the resource types of the documents beside it", () => {
  const fixtures = join(import.meta.dirname, "fixtures/schemas");
  const documents = readdirSync(fixtures).map((file) => ({
    file,
    content: JSON.parse(readFileSync(join(fixtures, file), "utf8")),
  }));
  const { user, others } = readDeploymentTypes(aBundle(documents));
  expect(others.map(({ endpoint }) => endpoint)).toEqual(["/Devices"]);
  expect(user.extensions).toHaveLength(2);
});

test("a function of a deployment without schemas has the standard types", () => {
  expect(readDeploymentTypes(aBundle([]))).toEqual(standardTypes);
});

test("a function without its documents, or with wrong ones, does not start", () => {
  expect(() => readDeploymentTypes(mkdtempSync(join(tmpdir(), "rollcall-bundle-")))).toThrow(
    /ENOENT.*schemas\.json/,
  );
  expect(() => readDeploymentTypes(aBundle([{ file: "a.json", content: 1 }]))).toThrow(
    "a.json: it holds 1",
  );
});
