import { once } from "node:events";
import type { Server } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { LocalRunError } from "./failure.ts";

export interface Listening {
  /** Without a slash at the end. */
  readonly url: string;
  stop(): Promise<void>;
}

/** Requests that are being answered have this long at the end. */
const drainMs = 500;

/** Serves on this machine only. @throws LocalRunError where the port is taken. */
export async function listen(server: Server, port: number): Promise<Listening> {
  server.listen(port, "127.0.0.1");
  try {
    await once(server, "listening");
  } catch (error) {
    throw new LocalRunError(reasonOf(error, port));
  }
  const address = server.address();
  if (typeof address !== "object" || !address) throw new Error("A server has no port.");

  const stop = async () => {
    const closed = once(server, "close");
    server.close();
    const waiting = new AbortController();
    await Promise.race([closed, sleep(drainMs, undefined, { signal: waiting.signal })]);
    waiting.abort();
    server.closeAllConnections();
  };
  return { url: `http://127.0.0.1:${address.port}`, stop };
}

function reasonOf(error: unknown, port: number): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "EADDRINUSE")
    return `Port ${port} is in use; choose another with --port, or --port 0 for any that is free.`;
  if (code === "EACCES") return `Port ${port} may not be used by you; choose one above 1023.`;
  return `Port ${port} cannot be used: ${error instanceof Error ? error.message : String(error)}.`;
}
