import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import * as z from "zod/mini";

const version = z.object({
  id: z.string(),
  createdAt: z.number(),
  stages: z.readonly(z.array(z.string())),
  secretString: z.optional(z.string()),
  secretBinary: z.optional(z.string()),
});

const secret = z.object({
  name: z.string(),
  arn: z.string(),
  createdAt: z.number(),
  changedAt: z.number(),
  /** Since when it waits to be deleted, and when it will be; both or neither. */
  deletedAt: z.optional(z.number()),
  goneAt: z.optional(z.number()),
  description: z.optional(z.string()),
  kmsKeyId: z.optional(z.string()),
  tags: z.optional(z.array(z.object({ Key: z.string(), Value: z.string() }))),
  versions: z.readonly(z.array(version)),
});

export type SecretVersion = Readonly<z.infer<typeof version>>;
export type Secret = Readonly<z.infer<typeof secret>>;
export type Secrets = readonly Secret[];

/** What was kept in the file; nothing where there is none yet. @throws where the file is not ours. */
export function loadSecrets(dataFile: string): Secrets {
  if (!existsSync(dataFile)) return [];
  const kept = parseJson(readFileSync(dataFile, "utf8"));
  const parsed = z.object({ secrets: z.array(secret) }).safeParse(kept);
  if (!parsed.success) throw new Error(`${dataFile} does not hold what this service wrote.`);
  return parsed.data.secrets;
}

/** Writes the file whole: whoever reads it, and whenever this process ends, finds the old state or the new. */
export function saveSecrets(dataFile: string, secrets: Secrets): void {
  mkdirSync(dirname(dataFile), { recursive: true });
  const draft = `${dataFile}.${process.pid}.tmp`;
  writeFileSync(draft, JSON.stringify({ secrets }), { mode: 0o600, flush: true });
  renameSync(draft, dataFile);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
