import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { readyFile } from "../../local/ready-file.ts";

const aFile = (pid: number) => {
  const file = join(mkdtempSync(join(tmpdir(), "rollcall-ready-")), "running.json");
  writeFileSync(file, JSON.stringify({ pid }));
  return file;
};

/** A process that, by its command line, is a local run. */
async function aRun() {
  const wait = "setTimeout(() => {}, 60_000); console.log('up')";
  const child = spawn(process.execPath, ["-e", wait, "local/main.ts"]);
  await once(child.stdout, "data");
  return child;
}

test("a run that ends before it serves leaves the file by which another one is found", async () => {
  const other = await aRun();
  const file = aFile(other.pid ?? 0);
  readyFile(file, { sparesLive: true }).remove();
  expect(existsSync(file)).toBe(true);

  other.kill();
  await once(other, "exit");
  readyFile(file, { sparesLive: true });
  expect(existsSync(file)).toBe(false);
});

test("a file that was asked for by name is removed at once, whoever wrote it", async () => {
  const other = await aRun();
  const file = aFile(other.pid ?? 0);
  readyFile(file);
  expect(existsSync(file)).toBe(false);
  other.kill();
});
