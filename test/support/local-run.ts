import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const repository = join(import.meta.dirname, "../..");

export interface LocalRunOptions {
  /** Further options of `npm start`, such as `["--data-dir", folder]`. */
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** A local deployment in a process of its own, as `npm start` makes it. */
export interface LocalRun {
  readonly tenantUrl: string;
  readonly tenantId: string;
  readonly token: string;
  readonly pid: number;
  /** What the AWS SDK needs to act on this deployment. */
  readonly env: Readonly<Record<string, string>>;
  readonly readyFile: string;
  /** What it has printed until now. */
  output(): string;
  /** Sends a request below the Tenant URL, with the token. */
  request(path: string, init?: RequestInit): Promise<Response>;
  /** Ends it and tells with which code; `SIGKILL` leaves it no time to clear up. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

/** What came of a run that was not meant to serve. */
export interface FailedRun {
  readonly code: number | null;
  readonly output: string;
}

/** Starts the stack on any free port; the first run after a change waits for the synthesis. */
export async function startLocalRun(options: LocalRunOptions = {}): Promise<LocalRun> {
  const folder = mkdtempSync(join(tmpdir(), "rollcall-run-"));
  const readyFile = join(folder, "ready.json");
  const { child, output } = spawnLocal({
    ...options,
    args: ["--ready-file", readyFile, ...(options.args ?? [])],
  });

  while (!existsSync(readyFile)) {
    if (child.exitCode !== null || child.signalCode !== null)
      throw new Error(`The local run ended early:\n${output()}`);
    await sleep(20);
  }
  // What the local run writes there is a contract, and tested.
  const running: Pick<LocalRun, "tenantUrl" | "tenantId" | "token" | "pid" | "env"> = JSON.parse(
    readFileSync(readyFile, "utf8"),
  );

  const stop = async (signal: NodeJS.Signals = "SIGTERM") => {
    if (child.exitCode === null && child.signalCode === null) {
      const gone = once(child, "exit");
      child.kill(signal);
      await gone;
    }
    rmSync(folder, { recursive: true, force: true });
    return child.exitCode;
  };
  const request = (path: string, init: RequestInit = {}) => {
    const headers = new Headers(init.headers);
    if (!headers.has("authorization")) headers.set("authorization", `Bearer ${running.token}`);
    return fetch(running.tenantUrl + path, { ...init, headers });
  };
  return { ...running, readyFile, output, request, stop };
}

/** Runs it where it should refuse to, until it ends by itself. */
export async function failLocalRun(options: LocalRunOptions = {}): Promise<FailedRun> {
  const { child, output } = spawnLocal(options);
  await once(child, "close");
  return { code: child.exitCode, output: output() };
}

function spawnLocal({ args = [], env = {} }: LocalRunOptions) {
  // The flags with which the tests run are not meant for it.
  const { NODE_OPTIONS: _, ...environment } = process.env;
  const child = spawn(
    process.execPath,
    [join(repository, "local/main.ts"), "--port", "0", "--unlisted", ...args],
    { cwd: repository, env: { ...environment, ...env }, stdio: ["ignore", "pipe", "pipe"] },
  );
  let text = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (more: string) => {
      text += more;
    });
  return { child, output: () => text };
}
