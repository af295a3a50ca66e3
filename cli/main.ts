import { CommanderError } from "commander";
import { asCommands } from "./as-commands.ts";
import { CommandError, exitCodes } from "./command-error.ts";
import { printable } from "./output.ts";
import { processContext } from "./process-context.ts";
import { createProgram } from "./program.ts";

// Whoever read the output may have gone, as `head` does; what was begun is brought to its end.
for (const output of [process.stdout, process.stderr]) output.on("error", () => undefined);

const program = createProgram((options) => processContext(options, complain));
// A terminal that is closed, as by Ctrl-D, ends the process in the midst of a question.
process.exitCode = exitCodes.usage;
process.once("beforeExit", noAnswer);
// Not awaited, or Node.js would have its own say on that; not `process.exit`, which would cut off what a pipe has not taken yet.
void run(process.argv.slice(2))
  .catch(exitCodeOf)
  .then((code) => {
    process.off("beforeExit", noAnswer);
    process.exitCode = code;
  });

function noAnswer(): void {
  complain("There was no answer; nothing more was done.");
}

async function run(argv: readonly string[]): Promise<number> {
  await program.parseAsync([...argv], { from: "user" });
  return exitCodes.done;
}

function exitCodeOf(error: unknown): number {
  // Commander has written its own message; --help is no error.
  if (error instanceof CommanderError)
    return error.exitCode === 0 && error.code !== "commander.help"
      ? exitCodes.done
      : exitCodes.usage;
  if (!(error instanceof CommandError)) {
    complain(`An error of the command itself, which nobody foresaw:\n${textOf(error)}`);
    return exitCodes.failed;
  }
  const { code, message, answer } = error;
  if (program.opts<{ json?: true }>().json)
    process.stdout.write(
      `${JSON.stringify({ ok: false, error: { code, message }, ...answer }, null, 2)}\n`,
    );
  complain(asCommands(message));
  return error.exitCode;
}

function complain(text: string): void {
  process.stderr.write(`rollcall: ${printable(text)}\n`);
}

function textOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
