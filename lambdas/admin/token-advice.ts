import { type TokenRecord, tokenState } from "../auth/tenant-secret.ts";
import type { TokenUse } from "../auth/token-use.ts";
import { isInUse } from "./recent-use.ts";
import { agoText, lengthText } from "./time-words.ts";

const dayMs = 24 * 60 * 60 * 1000;

/** So long before its end a token is warned of. */
const warnedMs = 30 * dayMs;

/** A tenant's tokens, and what is known of their use. */
export interface TokensInUse {
  readonly tenant: string;
  readonly tokens: readonly TokenRecord[];
  readonly uses: ReadonlyMap<string, TokenUse>;
}

/** What an operator should know of a token and do about it; undefined where that is nothing. */
export function adviceOn(record: TokenRecord, all: TokensInUse, now: number): string | undefined {
  if (tokenState(record, now) !== "active") return undefined;
  const said = [switchAdvice(record, all, now), endAdvice(record, all, now)];
  return said.filter((text) => text !== undefined).join(" ") || undefined;
}

/** How far whoever uses a token has got from the old one to the new one. */
function switchAdvice(record: TokenRecord, all: TokensInUse, now: number): string | undefined {
  const { tokens, uses } = all;
  const usedAt = uses.get(record.id)?.usedAt;
  const old = tokens.find(({ id }) => id === record.replaces);
  if (!old || tokenState(old, now) !== "active")
    return usedAt === undefined ? neverUsed(record, old, uses, now) : undefined;

  const oldUse = uses.get(old.id) ?? {};
  const oldUsed = oldUse.usedAt === undefined ? undefined : agoText(oldUse.usedAt, now);
  if (usedAt === undefined && isInUse(oldUse, now))
    return `The old one (${old.id}) was used ${oldUsed}: Entra has not switched yet, do not revoke it. Paste this one as Secret Token into Entra, save, and press Test Connection.`;
  if (usedAt === undefined)
    return `Neither this one has ever been used nor the old one (${old.id}) ${oldUsed ? `since ${oldUsed}` : "ever"}: provisioning does not run. Paste this one as Secret Token into Entra, save, and press Test Connection.`;
  if (isInUse(oldUse, now))
    return `Both are in use: this one was used ${agoText(usedAt, now)}, the old one (${old.id}) ${oldUsed}. Wait until the old one has not been used for an hour before you revoke it.`;
  return `Entra has switched: the old one (${old.id}) was ${oldUsed ? `last used ${oldUsed}` : "never used"}, safe to revoke: {"action":"token.revoke","tenant":"${all.tenant}","tokenId":"${old.id}"}.`;
}

function neverUsed(
  record: TokenRecord,
  old: TokenRecord | undefined,
  uses: ReadonlyMap<string, TokenUse>,
  now: number,
): string {
  const age = agoText(record.createdAt, now);
  // The old one has ended, and whoever used it has nothing that works.
  if (old && uses.get(old.id)?.usedAt !== undefined)
    return `Never used since it was issued ${age}, and the old one (${old.id}) has ended: Entra is refused until this one is its Secret Token.`;
  return `Never used since it was issued ${age}.`;
}

function endAdvice(record: TokenRecord, all: TokensInUse, now: number): string | undefined {
  if (record.expiresAt === undefined) return undefined;
  const leftMs = Date.parse(record.expiresAt) - now;
  if (leftMs > warnedMs) return undefined;
  const left = lengthText(leftMs);

  const newer = all.tokens.find(
    (one) => one.replaces === record.id && tokenState(one, now) === "active",
  );
  if (!newer)
    return `Expires in ${left}: rotate it before, or Entra is refused and may quarantine the customer: {"action":"token.rotate","tenant":"${all.tenant}","tokenId":"${record.id}","overlapHours":72}.`;
  if (all.uses.get(newer.id)?.usedAt !== undefined && !isInUse(all.uses.get(record.id) ?? {}, now))
    return `Replaced by ${newer.id}; it ends by itself in ${left}.`;
  return `Replaced by ${newer.id}, but Entra may still use it, and it ends in ${left}: see to it that the new one is Entra's Secret Token by then.`;
}
