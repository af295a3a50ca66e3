import { execFile } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { routes } from "../../lambdas/routes.ts";

const root = join(import.meta.dirname, "../..");
const aFolder = () => mkdtempSync(join(tmpdir(), "rollcall-app-"));

/** Runs the app as the CDK's command does. */
async function runApp(context: Readonly<Record<string, string>>) {
  // The flags with which the tests run are not meant for it.
  const { NODE_OPTIONS: _, ...environment } = process.env;
  const output = join(aFolder(), "it's an output");
  const env = {
    ...environment,
    CDK_OUTDIR: output,
    CDK_CONTEXT_JSON: JSON.stringify(context),
  };
  return new Promise<{ code: number; output: string; errors: string }>((resolve) => {
    const child = execFile(
      process.execPath,
      [join(root, "bin/rollcall.ts")],
      { cwd: root, env },
      (_error, _stdout, errors) => resolve({ code: child.exitCode ?? -1, output, errors }),
    );
  });
}

interface LambdaFunction {
  readonly Type: string;
  readonly Properties: {
    readonly Code: { readonly S3Key: string };
    readonly Environment: { readonly Variables: { readonly POWERTOOLS_SERVICE_NAME: string } };
  };
}

interface Bundle {
  readonly key: string;
  readonly schemas: string | undefined;
}

/** What each function is made of, by the room that it comes from. */
function bundlesIn(output: string): ReadonlyMap<string, Bundle> {
  const template = JSON.parse(readFileSync(join(output, "Rollcall.template.json"), "utf8"));
  const functions = Object.values<LambdaFunction>(template.Resources).filter(
    ({ Type }) => Type === "AWS::Lambda::Function",
  );
  return new Map(
    functions.map(({ Properties: { Code, Environment } }) => {
      const key = Code.S3Key;
      const file = join(output, `asset.${key.replace(".zip", "")}`, "schemas.json");
      const schemas = existsSync(file) ? readFileSync(file, "utf8") : undefined;
      return [Environment.Variables.POWERTOOLS_SERVICE_NAME, { key, schemas }];
    }),
  );
}

test("the documents lie beside each function that reads schemas, and are part of its hash", async () => {
  const folder = aFolder();
  cpSync(join(root, "test/fixtures/schemas"), folder, { recursive: true });
  const badge = join(folder, "badge.json");
  writeFileSync(badge, readFileSync(badge, "utf8").replace("on the badge", "on the card"));
  const [given, changed] = await Promise.all([
    runApp({ schemas: "test/fixtures/schemas" }),
    runApp({ schemas: folder }),
  ]);
  const before = bundlesIn(given.output);
  const after = bundlesIn(changed.output);

  // An operator restores users by their schema.
  const reading = [...Object.keys(routes), "resources", "admin"];
  const others = ["feed", "worker"];
  expect([...before.keys()].toSorted()).toEqual([...reading, ...others].toSorted());
  for (const room of reading) {
    const { key, schemas = "" } = before.get(room) ?? {};
    expect(JSON.parse(schemas).map(({ file }: { file: string }) => file)).toEqual([
      "badge.json",
      "device-type.json",
      "device.json",
      "user-type.json",
      "warranty.json",
    ]);
    expect(after.get(room)?.key).not.toBe(key);
    expect(after.get(room)?.schemas).toBe(schemas.replace("on the badge", "on the card"));
  }
  for (const room of others)
    expect(after.get(room)).toEqual({ key: before.get(room)?.key, schemas: undefined });
}, 120_000);

test.each<{ what: string; context: (folder: string) => Record<string, string>; told: string }>([
  {
    what: "a document with faults",
    context: (folder) => {
      const schema = { id: "urn:example:2.0:A", name: "A", attributes: [{ name: "1st" }] };
      writeFileSync(
        join(folder, "a.json"),
        JSON.stringify({
          schemas: ["urn:ietf:params:scim:schemas:core:2.0:Schema"],
          ...schema,
        }),
      );
      return { schemas: folder };
    },
    told: [
      "The deployment's schemas are wrong:",
      `- FOLDER/a.json: attribute "1st": a name begins with a letter, followed by letters, digits, - and _; choose another`,
      `- FOLDER/a.json: no ResourceType has "urn:example:2.0:A"; name it under "schema" or "schemaExtensions" of one, or remove it`,
    ].join("\n"),
  },
  {
    what: "files that hold no JSON or cannot be read",
    context: (folder) => {
      writeFileSync(join(folder, "a.json"), "{");
      cpSync(join(root, "test/fixtures/schemas"), join(folder, "b.json"), { recursive: true });
      return { schemas: folder };
    },
    told: [
      "The deployment's schemas are wrong:",
      "- FOLDER/a.json: Expected property name or '}' in JSON at position 1 (line 1 column 2)",
      "- FOLDER/b.json: EISDIR: illegal operation on a directory, read",
    ].join("\n"),
  },
  {
    what: "a folder that is not there",
    context: (folder) => ({ schemas: join(folder, "shcemas") }),
    told: `The setting schemas is "FOLDER/shcemas", and there is no such folder: FOLDER/shcemas. Name one that there is, or leave the setting out.`,
  },
  {
    what: "a setting that is wrong",
    context: () => ({ retain: "perhaps" }),
    told: "Settings in the CDK context are wrong. retain: Invalid input",
  },
])(
  "$what ends the app with what is wrong alone, and without an assembly",
  async (example) => {
    const folder = aFolder();
    const { code, output, errors } = await runApp(example.context(folder));
    expect({ code, errors }).toEqual({
      code: 1,
      errors: `${example.told.replaceAll("FOLDER", folder)}\n`,
    });
    expect(existsSync(join(output, "manifest.json"))).toBe(false);
  },
  60_000,
);
