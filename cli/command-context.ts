import type { Admin } from "./admin-function.ts";
import type { Deployment } from "./deployment.ts";
import type { Questions } from "./questions.ts";

/** Where text goes: a terminal, a pipe, or what a test reads. */
export interface TextStream {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** What every command works with; made once the command line has been read. */
export interface CommandContext {
  /** The deployment that is meant; found by the first call. */
  readonly deployment: () => Promise<Deployment>;
  /** The admin function of that deployment. */
  readonly admin: () => Promise<Admin>;
  /** Whether the answer is for a script. */
  readonly json: boolean;
  /** Whether questions are answered by yes without being asked. */
  readonly yes: boolean;
  readonly out: TextStream;
  readonly err: TextStream;
  readonly ask: Questions;
  /** All that is piped in; undefined where standard input is a terminal. */
  readonly readInput: () => Promise<string | undefined>;
}

/** How commands get theirs: within their action, not before. */
export type ContextOf = () => CommandContext;
