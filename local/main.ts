import { join } from "node:path";
import { banner } from "./banner.ts";
import { localFolder, startDeployment } from "./deployment.ts";
import { LocalRunError } from "./failure.ts";
import { openLogs } from "./logs.ts";
import { type Options, readOptions } from "./options.ts";
import { readyFile } from "./ready-file.ts";

const root = join(import.meta.dirname, "..");
const options = readOptions(process.argv.slice(2));
const print = (text: string) => void process.stdout.write(`${text}\n`);
const complain = (text: string) => void process.stderr.write(`${text}\n`);

// Whoever read the output may have gone; the deployment goes on.
for (const output of [process.stdout, process.stderr]) output.on("error", () => undefined);

const asked = new AbortController();
const whenAsked = new Promise<void>((resolve) => {
  const end = () => {
    asked.abort();
    resolve();
  };
  for (const name of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(name, end);
  endWithNpm(end);
});

const stops: (() => Promise<void> | void)[] = [];
const outcome = await run(options).catch((error: unknown) => error);
asked.abort();
for (const stop of stops.toReversed()) await stop();

const failed = outcome !== undefined;
if (failed) complain(outcome instanceof LocalRunError ? outcome.message : textOf(outcome));
// Connections that are kept open would hold the process.
process.exit(failed ? 1 : 0);

/** Returns once the person has asked for the end; what goes wrong before that is thrown. */
async function run({ readyFile: file, unlisted }: Options): Promise<void> {
  // The second is where other commands look for a running deployment.
  const listed = unlisted ? [] : [join(localFolder(root), "running.json")];
  const files = [
    ...(file === undefined ? [] : [readyFile(file)]),
    ...listed.map((path) => readyFile(path, { sparesLive: true })),
  ];
  const logs = openLogs(join(localFolder(root), "logs"));
  stops.push(() => logs.close());

  const starting = startDeployment({
    root,
    options,
    logs,
    signal: asked.signal,
    announce: print,
    complain,
    atEnd: (stop) => stops.push(stop),
  });
  // After a signal nobody is interested in what else goes wrong.
  starting.catch(() => undefined);
  const deployment = await Promise.race([starting, whenAsked]);
  if (!deployment) return;

  const { broken, ...running } = deployment;
  for (const each of files) {
    stops.push(() => each.remove());
    each.write(running);
  }
  print(banner(running, { logFile: logs.file, dataDir: options.dataDir }));

  const reason = await Promise.race([broken, whenAsked]);
  if (reason !== undefined)
    throw new LocalRunError(`DynamoDB Local has ended: ${reason || "somebody ended it"}`);
}

/** A signal to npm ends the shell between npm and this process, but may not come through it. */
function endWithNpm(end: () => void): void {
  if (process.env.npm_lifecycle_event === undefined) return;
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) end();
  }, 200).unref();
}

function textOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
