import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/** What the command line of every local run contains. */
export const thisProgram = "main.ts";

/** Whether there is such a process, and its command line contains `words`: ids are used again. */
export function isRunning(pid: number, words: string): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    // It is there, but somebody else's.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
  return commandLine(pid)?.includes(words) ?? true;
}

/** Waits until the process is gone, and ends it the hard way where it does not go by itself. */
export async function waitUntilGone(pid: number, words: string): Promise<void> {
  for (let tries = 0; isRunning(pid, words); tries += 1) {
    if (tries === 60) process.kill(pid, "SIGKILL");
    await sleep(50);
  }
}

/** Undefined where this machine does not tell. */
function commandLine(pid: number): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
  } catch {
    const { stdout, status } = spawnSync("ps", ["-o", "args=", "-p", String(pid)], {
      encoding: "utf8",
    });
    return status === 0 ? stdout : undefined;
  }
}
