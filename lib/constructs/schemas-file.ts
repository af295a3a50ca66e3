import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Stage } from "aws-cdk-lib";
import type { Construct } from "constructs";

/** Writes into the assembly what functions find beside their code as `schemas.json`; gives its path. */
export function schemasFile(scope: Construct, documents: readonly unknown[]): string {
  const folder = Stage.of(scope)?.outdir;
  if (folder === undefined) throw new Error("A stack is in an app, which has an output folder.");
  const file = join(folder, "schemas.json");
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, JSON.stringify(documents));
  return file;
}
