import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FunctionSpec } from "../../local/template/functions.ts";

/** A function whose module is this source text. */
export function aFunction(source: string, more: Partial<FunctionSpec> = {}): FunctionSpec {
  const codeFolder = mkdtempSync(join(tmpdir(), "rollcall-function-"));
  writeFileSync(join(codeFolder, "index.mjs"), source);
  return {
    name: "users",
    arn: `arn:aws:lambda:us-east-1:000000000000:function:${more.name ?? "users"}`,
    roleName: "users-role",
    codeFolder,
    handler: "index.handler",
    memoryMb: 128,
    timeoutSeconds: 5,
    environment: {},
    logGroup: "logs",
    ...more,
  };
}
