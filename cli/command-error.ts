/** What a script can rely on; `rollcall --help` and docs/operators.md list them. */
export const exitCodes = {
  done: 0,
  /** The service has understood the command and does not carry it out. */
  refused: 1,
  /** The command line makes no sense, or asks for an answer where nobody can give one. */
  usage: 2,
  /** No deployment, no credentials, or not the right to. */
  noAccess: 3,
  /** The service has failed or was not reached: it may or may not have been done. */
  failed: 4,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** Ends a command, with one text for the operator that says how to mend it. */
export class CommandError extends Error {
  override readonly name = "CommandError";

  readonly exitCode: ExitCode;
  /** The service's code for a refusal, such as `unknownTenant`; otherwise one of the command's own. */
  readonly code: string;
  /** What is shown with --json beside the error: what was done, where that is a part. */
  readonly answer: Readonly<Record<string, unknown>>;

  constructor(
    exitCode: ExitCode,
    code: string,
    message: string,
    answer: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
    this.exitCode = exitCode;
    this.code = code;
    this.answer = answer;
  }
}

export const usageError = (message: string) => new CommandError(exitCodes.usage, "usage", message);
