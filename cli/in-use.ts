import type { Admin } from "./admin-function.ts";
import { asCommands } from "./as-commands.ts";
import type { CommandContext } from "./command-context.ts";
import { CommandError } from "./command-error.ts";

type Answer = Readonly<Record<string, unknown>>;

/** The option that agrees to end a token which somebody uses. */
export const evenIfUsed = "--even-if-used";

/**
 * Sends a message that ends a token. One that was used just now is refused by the service; then the
 * operator is asked once more, since this stops a customer's provisioning, and `--yes` does not cover it.
 */
export async function endToken(
  { ask }: CommandContext,
  admin: Admin,
  message: Answer,
  isEvenIfUsed: boolean,
): Promise<Answer> {
  if (isEvenIfUsed) return admin({ ...message, confirm: true });
  try {
    return await admin(message);
  } catch (error) {
    if (!(error instanceof CommandError) || error.code !== "recentlyUsed") throw error;
    await ask.agreeExpressly(`${asCommands(error.message)} End it now anyway?`, evenIfUsed);
    return admin({ ...message, confirm: true });
  }
}
