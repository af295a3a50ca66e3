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
  const older = ancestors(record, tokens);
  const old = lastUsed(older.filter(isActiveAt(now)), all);
  if (usedAt === undefined) {
    const other = lastUsed(relatives(record, tokens).filter(isActiveAt(now)), all);
    if (other && !older.includes(other) && isLater(other, old, uses))
      return usedInstead(record, other, all, now);
  }
  if (!old) return usedAt === undefined ? neverUsed(record, older[0], uses, now) : undefined;

  const oldUse = uses.get(old.id) ?? {};
  const oldUsed = oldUse.usedAt === undefined ? undefined : agoText(oldUse.usedAt, now);
  if (usedAt === undefined && isInUse(oldUse, now))
    return `The old one (${old.id}) was used ${oldUsed}: Entra has not switched yet, do not revoke it. Paste this one as Secret Token into Entra, save, and press Test Connection.`;
  if (usedAt === undefined)
    return `Neither this one has ever been used nor the old one (${old.id}) ${oldUsed ? `since ${oldUsed}` : "ever"}: provisioning does not run. Paste this one as Secret Token into Entra, save, and press Test Connection.`;
  if (isInUse(oldUse, now))
    return `Both are in use: this one was used ${agoText(usedAt, now)}, the old one (${old.id}) ${oldUsed}. Wait until the old one has not been used for an hour before you revoke it.`;
  // A look at whether the new one works is no switch, if the old one was used after it.
  if (!isLater(record, old, uses))
    return `This one was used ${agoText(usedAt, now)}, but the old one (${old.id}) after that, ${oldUsed}: Entra has not switched, and provisioning does not run. See to it that this one is Entra's Secret Token, and do not revoke the old one before this one is used again.`;
  return `Entra has switched: the old one (${old.id}) was ${oldUsed ? `last used ${oldUsed}` : "never used"}, safe to revoke: {"action":"token.revoke","tenant":"${all.tenant}","tokenId":"${old.id}"}.`;
}

/** A token may be rotated twice, as when the first new one was lost: then only one of them gets to Entra. */
function usedInstead(record: TokenRecord, other: TokenRecord, all: TokensInUse, now: number) {
  const used = agoText(all.uses.get(other.id)?.usedAt ?? "", now);
  return `Never used since it was issued ${agoText(record.createdAt, now)}: another one of the same rotation (${other.id}) is, and was last used ${used}. If nobody is to have this one, revoke it: {"action":"token.revoke","tenant":"${all.tenant}","tokenId":"${record.id}"}.`;
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

  const { tokens, uses } = all;
  const newer = tokens.filter((one) => ancestors(one, tokens).includes(record));
  const next = lastUsed(newer.filter(isActiveAt(now)).toReversed(), all);
  if (!next)
    return `Expires in ${left}: rotate it before, or Entra is refused and may quarantine the customer: {"action":"token.rotate","tenant":"${all.tenant}","tokenId":"${record.id}","overlapHours":72}.`;
  if (isLater(next, record, uses) && !isInUse(uses.get(record.id) ?? {}, now))
    return `Replaced by ${next.id}; it ends by itself in ${left}.`;
  return `Replaced by ${next.id}, but Entra may still use it, and it ends in ${left}: see to it that the new one is Entra's Secret Token by then.`;
}

const isActiveAt = (now: number) => (record: TokenRecord) => tokenState(record, now) === "active";

/** The tokens in whose place one was issued, the nearest first. */
function ancestors(record: TokenRecord, tokens: readonly TokenRecord[]): readonly TokenRecord[] {
  const parent = tokens.find(({ id }) => id === record.replaces);
  return parent ? [parent, ...ancestors(parent, tokens)] : [];
}

/** All others that were issued, directly or not, in place of the same first one, and that one. */
function relatives(record: TokenRecord, tokens: readonly TokenRecord[]): readonly TokenRecord[] {
  const firstOf = (one: TokenRecord) => {
    const oldest = ancestors(one, tokens).at(-1) ?? one;
    // The first one may be gone from the list.
    return oldest.replaces ?? oldest.id;
  };
  return tokens.filter((one) => one !== record && firstOf(one) === firstOf(record));
}

/** Of several tokens the one that was used last; where none was, the first. */
const lastUsed = (
  records: readonly TokenRecord[],
  { uses }: TokensInUse,
): TokenRecord | undefined =>
  records.toSorted((one, other) => usedTime(other, uses) - usedTime(one, uses))[0];

/** Whether `one` was used, and not before the `other`. */
const isLater = (
  one: TokenRecord,
  other: TokenRecord | undefined,
  uses: TokensInUse["uses"],
): boolean => usedTime(one, uses) > 0 && (!other || usedTime(one, uses) >= usedTime(other, uses));

const usedTime = ({ id }: TokenRecord, uses: TokensInUse["uses"]): number =>
  Date.parse(uses.get(id)?.usedAt ?? "1970-01-01T00:00:00Z");
