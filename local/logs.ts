import { createWriteStream, mkdirSync, readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { isRunning, thisProgram } from "./processes.ts";

/** Where the functions' logs go, as CloudWatch would have them. */
export interface Logs {
  readonly file: string;
  write(text: string): void;
  close(): Promise<void>;
}

/** Of earlier runs so many logs are kept. */
const kept = 9;

export function openLogs(folder: string): Logs {
  mkdirSync(folder, { recursive: true });
  const earlier = readdirSync(folder)
    .filter((name) => !isRunning(Number.parseInt(name, 10), thisProgram))
    .map((name) => join(folder, name))
    .toSorted((a, b) => writtenAt(b) - writtenAt(a));
  for (const file of earlier.slice(kept)) rmSync(file, { force: true });

  const file = join(folder, `${process.pid}.log`);
  const stream = createWriteStream(file);
  // A full disk must not end a deployment.
  stream.on("error", () => undefined);
  return {
    file,
    write: (text) => void stream.write(text),
    close: () => new Promise((resolve) => stream.end(resolve)),
  };
}

// Another run may just have removed it.
const writtenAt = (file: string) => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
