import { text } from "node:stream/consumers";
import type { CommandContext } from "./command-context.ts";
import type { GlobalOptions } from "./program.ts";
import { terminalQuestions } from "./terminal-questions.ts";

/** What commands work with when they are run from a shell. */
export function processContext(
  options: GlobalOptions,
  note: (text: string) => void,
): CommandContext {
  // The SDK takes most of the time that a command takes to start; help and completions need none.
  const found = once(async () => {
    const { findDeployment } = await import("./find-deployment.ts");
    return findDeployment(options, { env: process.env, note });
  });
  const yes = options.yes === true;
  return {
    deployment: async () => (await found()).deployment,
    admin: once(async () => {
      const { deployment, lambda } = await found();
      const { adminFunction } = await import("./admin-function.ts");
      return adminFunction(lambda, deployment.functionName, note);
    }),
    json: options.json === true,
    yes,
    out: process.stdout,
    err: process.stderr,
    ask: terminalQuestions({ input: process.stdin, output: process.stderr, yes }),
    readInput: async () => (process.stdin.isTTY ? undefined : text(process.stdin)),
  };
}

function once<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let made: Promise<Value> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
