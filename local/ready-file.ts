import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { LocalRunError } from "./failure.ts";
import { isObject, type Json, readJson } from "./json.ts";
import { isRunning, thisProgram } from "./processes.ts";
import { writeWhole } from "./whole-file.ts";

/** What a program needs to work with a local deployment. Names and meanings are a promise to others. */
export interface Running {
  readonly tenantUrl: string;
  readonly tenantId: string;
  readonly token: string;
  /** The process that a SIGTERM ends. */
  readonly pid: number;
  /** The environment with which an AWS SDK, the AWS CLI and `rollcall` act on this deployment. */
  readonly env: Readonly<Record<string, string>>;
}

/** A file that is there while requests are served. */
export interface ReadyFile {
  write(running: Running): void;
  /** Removes the file, unless another run has written it since. */
  remove(): void;
}

/**
 * A file of an earlier run is removed at once, so that it misleads nobody; `sparesLive` leaves that
 * of a run which still serves until this one does. @throws LocalRunError where it cannot be written.
 */
export function readyFile(path: string, { sparesLive = false } = {}): ReadyFile {
  const file = resolve(path);
  attempt(file, () => {
    mkdirSync(dirname(file), { recursive: true });
    if (!(sparesLive && isLive(writerOf(file)))) rmSync(file, { force: true });
    // Better to learn now that this is not possible than after everything has been started.
    writeWhole(`${file}.try`, "");
    rmSync(`${file}.try`);
  });
  return {
    write: (running) =>
      attempt(file, () => writeWhole(file, `${JSON.stringify(running, null, 2)}\n`)),
    remove: () => {
      if (writerOf(file) === process.pid) rmSync(file, { force: true });
    },
  };
}

function attempt(file: string, write: () => void): void {
  try {
    write();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new LocalRunError(`The file ${file} cannot be written: ${reason}.`);
  }
}

const isLive = (pid: Json | undefined) => typeof pid === "number" && isRunning(pid, thisProgram);

function writerOf(file: string): Json | undefined {
  try {
    const running = readJson(readFileSync(file, "utf8"));
    return isObject(running) ? running.pid : undefined;
  } catch {
    return undefined;
  }
}
