import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { LocalRunError } from "./failure.ts";
import { isRunning, thisProgram } from "./processes.ts";
import { writeWhole } from "./whole-file.ts";

/** A folder that holds a local deployment's data from one run to the next; one run at a time. */
export interface DataDir {
  readonly path: string;
  readonly tableFolder: string;
  readonly secretsFile: string;
  /** The demo tenant's token, if one was kept. */
  token(): string | undefined;
  keepToken(token: string): void;
  /** Lets the next run have it. */
  release(): void;
}

/** Takes the folder for this process. @throws LocalRunError where it cannot be written or another run has it. */
export async function openDataDir(folder: string): Promise<DataDir> {
  const path = resolve(folder);
  const tableFolder = join(path, "dynamodb");
  const lock = join(path, "lock");
  try {
    mkdirSync(tableFolder, { recursive: true, mode: 0o700 });
    await takeLock(lock, path);
  } catch (error) {
    if (error instanceof LocalRunError) throw error;
    throw new LocalRunError(`The data directory ${path} cannot be used: ${messageOf(error)}.`);
  }

  const tokenFile = join(path, "demo-token");
  return {
    path,
    tableFolder,
    secretsFile: join(path, "secrets.json"),
    token: () => readIfPresent(tokenFile)?.trim(),
    keepToken: (token) => writeWhole(tokenFile, token),
    release: () => {
      if (holder(lock) === process.pid) rmSync(lock, { force: true });
    },
  };
}

async function takeLock(lock: string, path: string): Promise<void> {
  while (!createdFor(lock, process.pid)) {
    const pid = holder(lock);
    if (pid !== undefined && pid !== process.pid && isRunning(pid, thisProgram))
      throw inUse(path, pid);
    // Left behind by a run that was killed.
    rmSync(lock, { force: true });
  }
  // Of two runs that found the same stale lock, one may have removed the other's new one.
  await sleep(30);
  const pid = holder(lock);
  if (pid !== process.pid) throw inUse(path, pid);
}

function createdFor(lock: string, pid: number): boolean {
  try {
    writeFileSync(lock, `${pid}`, { flag: "wx" });
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
}

function holder(lock: string): number | undefined {
  const pid = Number(readIfPresent(lock));
  return pid > 0 ? pid : undefined;
}

const inUse = (path: string, pid: number | undefined) =>
  new LocalRunError(
    `The data directory ${path} is in use by another run${pid ? ` (process ${pid})` : ""}; end that one or take another directory.`,
  );

function readIfPresent(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
