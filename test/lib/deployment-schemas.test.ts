import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { readDeploymentSchemas } from "../../lib/deployment-schemas.ts";

const root = join(import.meta.dirname, "../..");

const aFolder = (files: Readonly<Record<string, string>>) => {
  const folder = mkdtempSync(join(tmpdir(), "rollcall-schemas-"));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
};

const fixture = (name: string) => readFileSync(join(root, "test/fixtures/schemas", name), "utf8");

test("the example of the documentation is a deployment's folder as it stands", () => {
  const text = readFileSync(join(root, "docs/schemas.md"), "utf8");
  const documents = [...text.matchAll(/^`schemas\/(\S+)`[^\n]*\n\n```json\n(.*?)```/gms)];
  const files = documents.map(([, name = "", json = ""]) => [name, json]);
  expect(files.map(([name]) => name)).toEqual([
    "badge.json",
    "user.json",
    "device.json",
    "device-type.json",
  ]);
  expect([...text.matchAll(/```json/g)]).toHaveLength(files.length);

  const { endpoints } = readDeploymentSchemas(aFolder(Object.fromEntries(files)));
  expect(endpoints).toEqual(["/Devices"]);
});

test("a folder is read relative to the repository, its documents by name", () => {
  const { documents, endpoints } = readDeploymentSchemas("test/fixtures/schemas");
  expect(documents.map(({ file }) => file)).toEqual([
    "badge.json",
    "device-type.json",
    "device.json",
    "user-type.json",
    "warranty.json",
  ]);
  expect(endpoints).toEqual(["/Devices"]);
});

test("files that are no documents are left alone", () => {
  const folder = aFolder({ "README.md": "{", ".draft.json": "{", "device.json.bak": "{" });
  expect(readDeploymentSchemas(folder)).toEqual({ documents: [], endpoints: [] });
});

test("a file may begin with a byte order mark", () => {
  const folder = aFolder({
    "badge.json": `\uFEFF${fixture("badge.json")}`,
    "user-type.json": fixture("user-type.json"),
  });
  expect(readDeploymentSchemas(folder).documents).toHaveLength(2);
});

test("a folder that is none is refused by its name", () => {
  const file = join(aFolder({ "a.json": "{}" }), "a.json");
  expect(() => readDeploymentSchemas(file)).toThrow(
    `The setting schemas is "${file}", and it cannot be read as a folder: ${file}. Name one that there is, or leave the setting out.`,
  );
});
