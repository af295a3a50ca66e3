import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { filledText, isRecord, parseJson } from "./json.ts";

/** What a local run says of itself while it serves. */
const runningFile = join(import.meta.dirname, "..", ".local", "running.json");

/** The Tenant URL and token of the local run, or `undefined` if none is up. */
export async function readLocalRun(file = runningFile) {
  const text = await readFile(file, "utf8").catch(() => "");
  const running = parseJson(text);
  if (!isRecord(running)) return undefined;
  const url = filledText(running["tenantUrl"]);
  const token = filledText(running["token"]);
  return url !== undefined && token !== undefined ? { url, token } : undefined;
}
