import { type TokenUse, useNotedMs } from "../auth/token-use.ts";
import type { Message } from "./messages.ts";
import type { AdminPorts } from "./ports.ts";
import { AdminRefusal } from "./refusal.ts";
import { agoText } from "./time-words.ts";

const hourMs = 60 * 60 * 1000;

/** Whether a token may have been used in the last hour, which Entra's cycle of 40 minutes fits into: its use is noted a little late. */
export const isInUse = ({ usedAt }: TokenUse, now: number): boolean =>
  usedAt !== undefined && now - Date.parse(usedAt) < hourMs + useNotedMs;

/**
 * Whoever ends a token that is in use stops the provisioning of a customer.
 * @throws AdminRefusal `recentlyUsed`, unless that is confirmed: then the store is not even asked.
 */
export async function checkUnused(
  { tokenUses }: AdminPorts,
  message: Message<"token.revoke"> | Message<"token.rotate">,
  now: number,
): Promise<void> {
  if (message.confirm) return;
  const { action, tenant, tokenId } = message;
  const use = (await tokenUses.list(tenant)).get(tokenId);
  if (!use?.usedAt || !isInUse(use, now)) return;
  const overlap = action === "token.rotate" ? `,"overlapHours":0` : "";
  throw new AdminRefusal(
    "recentlyUsed",
    `Token "${tokenId}" was last used ${agoText(use.usedAt, now)} (${use.usedAt}): if it ends now, whoever uses it is refused with 401, and Entra may quarantine the customer. Nothing was changed. To give it up in peace, rotate it with an overlap: {"action":"token.rotate","tenant":"${tenant}","tokenId":"${tokenId}","overlapHours":72}. If it leaked and must end at once: {"action":"${action}","tenant":"${tenant}","tokenId":"${tokenId}"${overlap},"confirm":true}.`,
  );
}
