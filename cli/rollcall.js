#!/usr/bin/env node
// Starts the command under Node 24, which reads TypeScript as it is; this file alone runs under any.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const room = dirname(fileURLToPath(import.meta.url));
const bundled = join(room, "..", "node_modules", ".bin", "node");
const isRecent = Number(process.versions.node.split(".")[0]) >= 24;

if (isRecent || existsSync(bundled)) {
  start(isRecent ? process.execPath : bundled);
} else {
  process.stderr.write("rollcall needs Node 24: run `npm ci` in its folder, which brings it.\n");
  process.exitCode = 4;
}

function start(node) {
  const args = ["--disable-warning=ExperimentalWarning", join(room, "main.ts")];
  // Most of the time that a command takes is that of compiling the SDK.
  const cache = join(room, "..", ".local", "compile-cache");
  const env = { NODE_COMPILE_CACHE: cache, ...process.env };
  const child = spawn(node, [...args, ...process.argv.slice(2)], { stdio: "inherit", env });

  const signals = ["SIGINT", "SIGTERM", "SIGHUP"];
  const pass = (signal) => child.kill(signal);
  for (const signal of signals) process.on(signal, pass);

  child.on("error", (error) => {
    process.stderr.write(`rollcall: ${node} cannot be started: ${error.message}\n`);
    process.exitCode = 4;
  });
  child.on("exit", (code, signal) => {
    for (const name of signals) process.off(name, pass);
    if (signal) process.kill(process.pid, signal);
    else process.exitCode = code ?? 4;
  });
}
