import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "@jest/globals";
import { fingerprint, synthesize } from "../../local/assembly.ts";

/** A CDK app without the CDK: it writes an empty assembly and notes that it ran. */
const app = `
  import { appendFileSync, mkdirSync, writeFileSync } from "node:fs";
  const to = process.env.CDK_OUTDIR;
  const context = JSON.parse(process.env.CDK_CONTEXT_JSON ?? "{}");
  appendFileSync("runs", (context.basePath ?? "none") + "\\n");
  if (context.basePath === "wrong") throw new Error("basePath must begin with a slash");
  mkdirSync(to, { recursive: true });
  const stack = {
    type: "aws:cloudformation:stack",
    environment: "aws://unknown-account/unknown-region",
    properties: { templateFile: "template.json" },
  };
  writeFileSync(to + "/template.json", "{}");
  writeFileSync(
    to + "/manifest.json",
    JSON.stringify({ version: "40.0.0", artifacts: { Stack: stack } }),
  );
  if (context.basePath === "slow") await new Promise((resolve) => setTimeout(resolve, 60_000));
`;

function aRepository(): string {
  const root = mkdtempSync(join(tmpdir(), "rollcall-repository-"));
  mkdirSync(join(root, "bin"));
  mkdirSync(join(root, "lambdas/users"), { recursive: true });
  writeFileSync(join(root, "bin/app.mjs"), app);
  writeFileSync(join(root, "lambdas/users/handler.ts"), "1");
  writeFileSync(join(root, "cdk.json"), JSON.stringify({ app: "node bin/app.mjs" }));
  return root;
}

const runs = (root: string) => readFileSync(join(root, "runs"), "utf8").trim().split("\n");

const synth = (root: string, basePath?: string, signal = new AbortController().signal) =>
  synthesize({
    root,
    context: basePath === undefined ? [] : [`basePath=${basePath}`],
    signal,
    announce: () => undefined,
  });

test("an assembly is made anew only where something that goes into it has changed", async () => {
  const root = aRepository();

  const first = await synth(root);
  const withContext = await synth(root, "/scim");
  expect(readdirSync(first)).toContain("manifest.json");
  expect(withContext).not.toBe(first);

  writeFileSync(join(root, "README.md"), "no part of it");
  expect(await synth(root)).toBe(first);
  expect(await synth(root, "/scim")).toBe(withContext);
  expect(runs(root)).toEqual(["none", "/scim"]);

  writeFileSync(join(root, "lambdas/users/handler.ts"), "2");
  const changed = await synth(root);
  expect(changed).not.toBe(first);
  writeFileSync(join(root, "lambdas/users/handler.ts"), "1");
  expect(await synth(root)).toBe(first);
  expect(runs(root)).toEqual(["none", "/scim", "none"]);
}, 60_000);

test.each<{ named: string; folder: string; context: string[]; files: Record<string, object> }>([
  { named: "the default folder", folder: "schemas", context: [], files: {} },
  { named: "-c schemas", folder: "mine", context: ["schemas=mine"], files: {} },
  {
    named: "cdk.json",
    folder: "mine",
    context: [],
    files: { "cdk.json": { app: "node bin/app.mjs", context: { schemas: "mine" } } },
  },
  {
    named: "cdk.context.json",
    folder: "mine",
    context: [],
    files: { "cdk.context.json": { schemas: "mine" } },
  },
])("the schemas of $named are part of it, as far as the app reads them", async (example) => {
  const root = aRepository();
  for (const [name, content] of Object.entries(example.files))
    writeFileSync(join(root, name), JSON.stringify(content));
  const print = () => fingerprint(root, example.context);
  const before = await print();

  mkdirSync(join(root, example.folder));
  writeFileSync(join(root, example.folder, "README.md"), "no part of it");
  expect(await print()).toBe(before);
  writeFileSync(join(root, example.folder, "device.json"), "{}");
  const added = await print();
  expect(added).not.toBe(before);
  writeFileSync(join(root, example.folder, "device.json"), "[]");
  expect(await print()).not.toBe(added);
});

test("schemas outside the repository are part of it too", async () => {
  const root = aRepository();
  const elsewhere = mkdtempSync(join(tmpdir(), "rollcall-schemas-"));
  const before = await fingerprint(root, [`schemas=${elsewhere}`]);
  writeFileSync(join(elsewhere, "device.json"), "{}");
  expect(await fingerprint(root, [`schemas=${elsewhere}`])).not.toBe(before);
});

test("a failure is told in the words of the app, and not remembered", async () => {
  const root = aRepository();
  await expect(synth(root, "wrong")).rejects.toThrow(/basePath must begin with a slash/);
  await expect(synth(root, "wrong")).rejects.toThrow(/basePath must begin with a slash/);
  expect(readdirSync(join(root, ".local/assemblies"))).toEqual([]);
}, 60_000);

test("one that was interrupted leaves nothing that would be taken for whole", async () => {
  const root = aRepository();
  const interrupt = new AbortController();
  const interrupted = synth(root, "slow", interrupt.signal);
  interrupted.catch(() => undefined);
  while (!readdirSync(root).includes("runs")) await sleep(50);
  interrupt.abort();

  await expect(interrupted).rejects.toMatchObject({ name: "AbortError" });
  expect(readdirSync(join(root, ".local/assemblies"))).toEqual([]);
}, 60_000);
