import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rename, rm, stat, utimes } from "node:fs/promises";
import { createRequire } from "node:module";
import { delimiter, dirname, join, resolve } from "node:path";
import { LocalRunError } from "./failure.ts";
import { isObject, type Json, type JsonObject } from "./json.ts";
import { isRunning } from "./processes.ts";

export interface AssemblyOptions {
  /** The repository. */
  readonly root: string;
  /** Options of `cdk synth`, such as `basePath=/scim`. */
  readonly context: readonly string[];
  readonly signal: AbortSignal;
  /** Told where this takes its time. */
  readonly announce: (text: string) => void;
}

/** All that `cdk synth` reads, as far as it may change in a working tree. */
const sources = ["bin", "lib", "lambdas"];
const sourceFiles = ["cdk.json", "cdk.context.json", "tsconfig.json", "package-lock.json"];

/** So many are kept; each is a few megabytes. */
const kept = 8;

/**
 * The folder of the synthesized app. One that was made of the same files and
 * options before is taken again.
 * @throws LocalRunError with the CDK's own text where it fails.
 */
export async function synthesize(options: AssemblyOptions): Promise<string> {
  const folder = join(options.root, ".local", "assemblies");
  await mkdir(folder, { recursive: true });

  for (;;) {
    const key = await fingerprint(options.root, options.context);
    const assembly = join(folder, key);
    if (existsSync(assembly)) {
      const now = new Date();
      await utimes(assembly, now, now);
      return assembly;
    }
    options.announce("Synthesizing the stack, which is only needed after a change …");
    const draft = `${assembly}.${process.pid}.draft`;
    try {
      await runCdk(options, draft);
      // Files that changed meanwhile may be in it or not.
      if ((await fingerprint(options.root, options.context)) === key)
        await rename(draft, assembly).catch((error: unknown) => {
          if (!existsSync(assembly)) throw error;
        });
    } finally {
      await rm(draft, { recursive: true, force: true });
    }
    await tidy(folder, key);
  }
}

/** A name for all that goes into the assembly. */
export async function fingerprint(root: string, context: readonly string[]): Promise<string> {
  const listed = await Promise.all(sources.map((name) => filesBelow(root, name)));
  const documents = await Promise.all(
    (await schemaFolders(root, context)).map((folder) => documentsIn(root, folder)),
  );
  const files = [...listed.flat().toSorted(), ...sourceFiles, ...documents.flat()];
  const contents = await Promise.all(
    files.map((file) => readFile(resolve(root, file)).catch(() => Buffer.alloc(0))),
  );

  const hash = createHash("sha256").update(JSON.stringify([process.version, context]));
  for (const [at, content] of contents.entries())
    hash.update(`\0${files[at]}\0${content.length}\0`).update(content);
  return hash.digest("hex").slice(0, 24);
}

/** Every folder that may be the one of the deployment's own schemas: which of them, the CDK decides. */
async function schemaFolders(root: string, context: readonly string[]): Promise<readonly string[]> {
  const given = context.flatMap((one) => /^schemas=(.*)$/s.exec(one)?.[1] ?? []);
  const [app, cached] = await Promise.all(
    ["cdk.json", "cdk.context.json"].map((file) => readObjectIn(join(root, file))),
  );
  const inFiles = [isObject(app?.context) ? app.context.schemas : undefined, cached?.schemas];
  const named = inFiles.filter((folder) => typeof folder === "string");
  return [...new Set(["schemas", ...named, ...given])];
}

async function readObjectIn(file: string): Promise<JsonObject | undefined> {
  const text = await readFile(file, "utf8").catch(() => "");
  try {
    const read: Json = JSON.parse(text);
    return isObject(read) ? read : undefined;
  } catch {
    // There is none, or the CDK will say what is wrong with it.
    return undefined;
  }
}

async function documentsIn(root: string, folder: string): Promise<readonly string[]> {
  const names = await readdir(resolve(root, folder)).catch(() => []);
  return names
    .filter((name) => name.endsWith(".json") && !name.startsWith("."))
    .toSorted()
    .map((name) => join(folder, name));
}

async function filesBelow(root: string, folder: string): Promise<readonly string[]> {
  const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true }).catch(
    () => [],
  );
  return entries
    .filter((entry) => entry.isFile() && !entry.name.startsWith("."))
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1));
}

async function runCdk({ root, context, signal }: AssemblyOptions, output: string): Promise<void> {
  const cdk = createRequire(import.meta.url).resolve("aws-cdk/bin/cdk");
  const args = ["synth", "--quiet", "--no-notices", "--output", output];
  const child = spawn(
    process.execPath,
    [cdk, ...args, ...context.flatMap((c) => ["--context", c])],
    {
      cwd: root,
      // The app is run by the same Node, which must be one that reads TypeScript.
      env: { ...process.env, PATH: [dirname(process.execPath), process.env.PATH].join(delimiter) },
      stdio: ["ignore", "pipe", "pipe"],
      // In a group of its own, so that it can be ended together with what it started.
      detached: true,
    },
  );
  const end = () => child.pid && process.kill(-child.pid, "SIGKILL");
  signal.addEventListener("abort", end, { once: true });

  let text = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (more: string) => {
      text += more;
    });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  signal.removeEventListener("abort", end);
  signal.throwIfAborted();
  if (code !== 0) throw new LocalRunError(`cdk synth failed:\n${text.trim()}`);
}

/** Removes what has long not been used, and drafts of processes that were killed. */
async function tidy(folder: string, current: string): Promise<void> {
  const names = await readdir(folder);
  const abandoned = names.filter((name) => {
    const pid = /\.(\d+)\.draft$/.exec(name)?.[1];
    return pid !== undefined && !isRunning(Number(pid), "");
  });
  const finished = names.filter((name) => !name.endsWith(".draft") && name !== current);
  const ages = await Promise.all(
    finished.map(async (name) => ({
      name,
      usedAt: await stat(join(folder, name)).then(
        ({ mtimeMs }) => mtimeMs,
        () => 0,
      ),
    })),
  );
  const old = ages.toSorted((a, b) => b.usedAt - a.usedAt).slice(kept - 1);
  for (const name of [...abandoned, ...old.map(({ name }) => name)])
    await rm(join(folder, name), { recursive: true, force: true });
}
