import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";

/** A deployment that `npm start` serves on this machine. */
export interface LocalRun {
  readonly tenantUrl: string;
  readonly functionName: string;
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** What a local run says of itself while it serves. */
const listedFile = join(import.meta.dirname, "..", ".local", "running.json");

const shape = z.object({
  tenantUrl: z.string(),
  pid: z.int().positive(),
  env: z.object({
    AWS_ENDPOINT_URL_LAMBDA: z.string(),
    AWS_REGION: z.string(),
    AWS_ACCESS_KEY_ID: z.string(),
    AWS_SECRET_ACCESS_KEY: z.string(),
    ROLLCALL_ADMIN_FUNCTION: z.string(),
  }),
});

/**
 * The local run of this checkout, or the one whose ready file ROLLCALL_READY_FILE names; undefined
 * where none is up, though one that was killed may have left its file.
 */
export function readLocalRun(
  environment: Readonly<Record<string, string | undefined>>,
): LocalRun | undefined {
  const running = shape.safeParse(jsonIn(environment["ROLLCALL_READY_FILE"] ?? listedFile));
  if (!running.success || !isRunning(running.data.pid)) return undefined;
  const { tenantUrl, env } = running.data;
  return {
    tenantUrl,
    functionName: env.ROLLCALL_ADMIN_FUNCTION,
    endpoint: env.AWS_ENDPOINT_URL_LAMBDA,
    region: env.AWS_REGION,
    credentials: {
      accessKeyId: env.AWS_ACCESS_KEY_ID,
      secretAccessKey: env.AWS_SECRET_ACCESS_KEY,
    },
  };
}

function jsonIn(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's process may not be signalled, but is there.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
