import { once } from "node:events";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { startEngine } from "./engine-process.ts";
import { LocalRunError } from "./failure.ts";

/** AWS's own DynamoDB engine, running as a child process. */
export interface DynamoDbLocal {
  readonly endpoint: string;
  readonly pid: number;
  /** Settles when the engine has ended by itself, with what it last wrote to its error output. */
  readonly ended: Promise<string>;
  /** Ends the engine and waits until it is gone. */
  stop(): Promise<void>;
}

export interface DynamoDbLocalOptions {
  /** Where the data are kept; without it they end with the engine. */
  readonly dataDir?: string;
  /** Ends the engine while it is still starting. */
  readonly signal?: AbortSignal;
}

const readyWithinSeconds = 60;

/**
 * Starts DynamoDB Local on a free port. It ends with this process, even where this is killed.
 * @throws LocalRunError where Java is missing or the engine ends before it answers.
 */
export async function startDynamoDbLocal(
  options: DynamoDbLocalOptions = {},
): Promise<DynamoDbLocal> {
  const port = await freePort();
  const { pid, ended, stop } = await startEngine(port, options.dataDir);

  const endpoint = `http://127.0.0.1:${port}`;
  try {
    await ready(endpoint, ended, options.signal);
  } catch (error) {
    await stop();
    throw error;
  }
  // An engine that answered has a pid.
  return { endpoint, pid: pid ?? 0, ended, stop };
}

async function ready(
  endpoint: string,
  ended: Promise<string>,
  signal: AbortSignal | undefined,
): Promise<void> {
  const failed = ended.then(
    (errors) => {
      throw new LocalRunError(reasonOf(errors));
    },
    (error: NodeJS.ErrnoException) => {
      throw error.code === "ENOENT"
        ? new LocalRunError(`Java was not found; ${howToGetJava}`)
        : error;
    },
  );
  await Promise.race([failed, answers(endpoint, signal)]);
}

const howToGetJava =
  "DynamoDB Local needs Java 17 or newer. Install it with " +
  "`apt-get install openjdk-17-jre-headless` (Debian, Ubuntu) or `brew install openjdk` (macOS).";

function reasonOf(errors: string): string {
  if (errors.includes("UnsupportedClassVersionError"))
    return `The Java that was found is too old; ${howToGetJava}`;
  // macOS has a `java` that only says so.
  if (errors.includes("Unable to locate a Java Runtime"))
    return `Java was not found; ${howToGetJava}`;
  return `DynamoDB Local ended before it was ready: ${errors}`;
}

async function answers(endpoint: string, signal: AbortSignal | undefined): Promise<void> {
  for (let waited = 0; waited < readyWithinSeconds; waited += 0.05) {
    signal?.throwIfAborted();
    // Without a signed request it answers 400, which is enough to know that it listens.
    const response = await fetch(endpoint).catch(() => undefined);
    if (response) return;
    await sleep(50);
  }
  throw new LocalRunError(`DynamoDB Local did not answer within ${readyWithinSeconds} s.`);
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
