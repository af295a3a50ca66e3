import type { Admin } from "./admin-function.ts";
import type { CommandContext } from "./command-context.ts";
import { CommandError, exitCodes } from "./command-error.ts";
import { shownTime } from "./durations.ts";
import { recordsIn, shownValue } from "./facts.ts";
import { endToken } from "./in-use.ts";
import { showNewToken } from "./new-token.ts";
import { type TokenWish, wished } from "./token-wish.ts";

export interface RotateOptions extends TokenWish {
  /** In hours. */
  readonly overlap: number;
  readonly evenIfUsed?: true;
}

/** Issues a token in place of the one named, or of the only one that is active, or of one that is chosen. */
export async function rotate(
  context: CommandContext,
  tenant: string,
  given: string | undefined,
  { overlap, evenIfUsed: isEvenIfUsed, ...wish }: RotateOptions,
): Promise<void> {
  const admin = await context.admin();
  const tokenId = given ?? (await activeToken(context, admin, tenant));
  if (overlap === 0) {
    const { name } = await context.deployment();
    await context.ask.agree(
      `Rotate token ${tokenId} of tenant "${tenant}" of ${name} without an overlap? Entra is refused until the new one is pasted there.`,
    );
  }
  const message = {
    action: "token.rotate",
    tenant,
    tokenId,
    overlapHours: overlap,
    ...wished(wish),
  };
  const answer = await endToken(context, admin, message, isEvenIfUsed === true);
  await showNewToken(context, answer);
  if (!context.json) context.err.write(`${fateOf(answer["replaces"], tokenId)}\n`);
}

async function activeToken(context: CommandContext, admin: Admin, tenant: string): Promise<string> {
  const { tokens } = await admin({ action: "token.list", tenant });
  const active = recordsIn(tokens).filter((token) => token["state"] === "active");
  const ids = active.map((token) => String(token["tokenId"]));
  const [only] = ids;
  if (only === undefined)
    throw new CommandError(
      exitCodes.refused,
      "tokenNotActive",
      `Tenant "${tenant}" has no active token to rotate: rollcall token issue ${tenant} issues one.`,
    );
  if (ids.length === 1) return only;
  const choices = active.map((token) => ({
    value: String(token["tokenId"]),
    label: `${shownValue(token["tokenId"])}  ${shownValue(token["name"])}, created ${shownTime(token["createdAt"])}`,
  }));
  return context.ask.choose(
    `Tenant "${tenant}" has ${ids.length} active tokens. Which of them is to be replaced?`,
    choices,
    `Name one: ${ids.join(", ")}.`,
  );
}

function fateOf(replaces: unknown, tokenId: string): string {
  const [old] = recordsIn([replaces]);
  return old?.["revokedAt"] === undefined
    ? `The token before, ${tokenId}, works until ${shownTime(old?.["expiresAt"])}.`
    : `The token before, ${tokenId}, is revoked.`;
}
