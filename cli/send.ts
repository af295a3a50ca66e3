import type { CommandContext } from "./command-context.ts";
import { answerFacts } from "./facts.ts";
import { show } from "./output.ts";

/** Sends one message, and shows its answer: to people without what is `unsaid`. */
export async function send(
  context: CommandContext,
  message: Readonly<Record<string, unknown>>,
  unsaid: readonly string[] = [],
): Promise<void> {
  const answer = await (await context.admin())(message);
  const said = Object.fromEntries(
    Object.entries(answer).filter(([name]) => !unsaid.includes(name)),
  );
  show(context, answer, () => answerFacts(context.out, said));
}
