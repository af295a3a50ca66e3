import { CommandError, exitCodes } from "./command-error.ts";

/** Says an SDK's error as what an operator has to do. */
export function tellAwsError(error: unknown): never {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  throw new CommandError(exitCodes.failed, "failed", text);
}
