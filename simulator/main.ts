import { CommanderError } from "commander";
import { type CliOptions, readArguments } from "./options.ts";
import { reporterFor } from "./progress.ts";
import { summarise, writeSummary } from "./report.ts";
import { readLocalRun } from "./running.ts";
import { runSimulation } from "./simulate.ts";
import { readTenantUrl } from "./tenant-url.ts";

/** A mistake in how the command was called: one line, exit code 2. */
class UsageError extends Error {
  override readonly name = "UsageError";
}

async function main(argv: readonly string[]): Promise<number> {
  const options = readArguments(argv);
  const endpoint = await endpointOf(options);
  const reporter = reporterFor(process.stderr);
  reporter.note(`Entra against ${endpoint.url} (seed ${options.seed})`);

  const outcome = await runSimulation({ ...options, ...endpoint }, reporter);
  const summary = summarise(outcome, options.seed);
  const text = options.json
    ? JSON.stringify(summary, null, 2)
    : writeSummary(summary, options.verbose);
  process.stdout.write(`${text}\n`);
  return outcome.exitCode;
}

async function endpointOf({ url, token }: CliOptions) {
  if (url === undefined) {
    const local = await readLocalRun();
    if (local) return { url: local.url, token: token ?? local.token };
    throw new UsageError(
      "no local run is up: start it with `npm start`, or give --url and --token",
    );
  }
  if (token === undefined) throw new UsageError("--url needs --token, or ROLLCALL_TOKEN");
  try {
    readTenantUrl(url);
  } catch (error) {
    throw new UsageError(`--url: ${error instanceof Error ? error.message : String(error)}`);
  }
  return { url, token };
}

function exitCodeOf(error: unknown): number {
  // Commander has written its own message; --help is no error.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`entra: ${error.message}\n`);
  return 2;
}

process.exitCode = await main(process.argv.slice(2)).catch(exitCodeOf);
