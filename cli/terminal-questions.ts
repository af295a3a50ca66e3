import { confirm, isCancel, password, select } from "@clack/prompts";
import { usageError } from "./command-error.ts";
import type { Questions } from "./questions.ts";

interface Terminal {
  readonly input: NodeJS.ReadStream;
  /** Not standard output, which may be piped into something that waits for the answer alone. */
  readonly output: NodeJS.WriteStream;
  readonly yes: boolean;
}

/** Asks on the terminal; where there is none, it refuses rather than wait for somebody. */
export function terminalQuestions({ input, output, yes }: Terminal): Questions {
  const streams = { input, output };
  const isTerminal = input.isTTY && output.isTTY;

  const agree = async (question: string, option: string) => {
    if (!isTerminal)
      throw usageError(`${question} There is no terminal to ask at: add ${option} if so.`);
    const answer = await confirm({ ...streams, message: question, initialValue: false });
    if (answer !== true) throw usageError("Nothing was done.");
  };

  return {
    agree: async (question) => (yes ? undefined : agree(question, "--yes")),
    agreeExpressly: agree,
    choose: async (question, choices, otherwise) => {
      if (!isTerminal) throw usageError(`${question} ${otherwise}`);
      const answer = await select({ ...streams, message: question, options: [...choices] });
      if (isCancel(answer)) throw usageError("Nothing was done.");
      return answer;
    },
    secret: async (question, otherwise) => {
      if (!isTerminal) throw usageError(`${question} ${otherwise}`);
      const answer = await password({ ...streams, message: question });
      if (isCancel(answer)) throw usageError("Nothing was done.");
      return answer;
    },
  };
}
