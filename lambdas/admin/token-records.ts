import type { Scope } from "../auth/scopes.ts";
import { scopes as allScopes } from "../auth/scopes.ts";
import { type TenantSecret, type TokenRecord, tokenState } from "../auth/tenant-secret.ts";
import { formatToken, hashToken, newTokenId, type RandomBytes } from "../auth/token.ts";
import { AdminRefusal } from "./refusal.ts";

const dayMs = 24 * 60 * 60 * 1000;

/** Tokens that have ended stay in the list for so long, and no more than so many of them. */
const endedKeptMs = 90 * dayMs;
const mostEnded = 50;
const mostActive = 50;

export interface TokenWish {
  readonly name?: string | undefined;
  readonly scopes?: readonly Scope[] | undefined;
  readonly expiresAt?: string | undefined;
  readonly replaces?: string | undefined;
}

/** A token that was just made: its record, and the text that is shown once. */
export interface NewToken {
  readonly record: TokenRecord;
  readonly text: string;
}

export function newToken(
  tenant: string,
  wish: TokenWish,
  now: number,
  random: RandomBytes,
): NewToken {
  const id = newTokenId(random);
  const text = formatToken(tenant, id, random);
  const record = {
    id,
    name: wish.name ?? "token",
    sha256: hashToken(text),
    scopes: wish.scopes ?? allScopes,
    createdAt: new Date(now).toISOString(),
    ...(wish.expiresAt === undefined ? {} : { expiresAt: wish.expiresAt }),
    ...(wish.replaces === undefined ? {} : { replaces: wish.replaces }),
  };
  return { record, text };
}

/** When a token is to end, from whichever way it was said; undefined where it was not. */
export function readExpiry(
  wish: { readonly expiresAt?: string | undefined; readonly expiresInDays?: number | undefined },
  now: number,
): string | undefined {
  const { expiresAt, expiresInDays } = wish;
  if (expiresAt !== undefined && expiresInDays !== undefined)
    throw new AdminRefusal("invalidMessage", "Send either expiresAt or expiresInDays, not both.");
  if (expiresInDays !== undefined) return new Date(now + expiresInDays * dayMs).toISOString();
  if (expiresAt === undefined) return undefined;
  if (Date.parse(expiresAt) > now) return new Date(expiresAt).toISOString();
  throw new AdminRefusal("invalidMessage", `expiresAt is in the past (${expiresAt}).`);
}

/** The secret with one more token. @throws AdminRefusal where there are too many. */
export function withToken(secret: TenantSecret, record: TokenRecord, now: number): TenantSecret {
  const kept = withoutLongEnded(secret, now);
  const active = kept.filter((token) => tokenState(token, now) === "active");
  if (active.length >= mostActive)
    throw new AdminRefusal(
      "tooManyTokens",
      `A tenant may have ${mostActive} active tokens. Revoke some that are not used any more.`,
    );
  return { ...secret, tokens: [...kept, record] };
}

export const withChanged = (secret: TenantSecret, changed: TokenRecord): TenantSecret => ({
  ...secret,
  tokens: secret.tokens.map((token) => (token.id === changed.id ? changed : token)),
});

/** A token as an operator sees it: neither the token nor its hash. */
export function shown(record: TokenRecord, now: number) {
  const { id, name, scopes, createdAt, expiresAt, revokedAt, replaces } = record;
  return {
    tokenId: id,
    name,
    state: tokenState(record, now),
    scopes,
    createdAt,
    ...(expiresAt === undefined ? {} : { expiresAt }),
    ...(revokedAt === undefined ? {} : { revokedAt }),
    ...(replaces === undefined ? {} : { replaces }),
  };
}

function withoutLongEnded({ tokens }: TenantSecret, now: number): readonly TokenRecord[] {
  const ended = tokens
    .filter((token) => tokenState(token, now) !== "active")
    .toSorted((one, other) => endOf(other) - endOf(one));
  const dropped = new Set(
    ended.filter((token, at) => at >= mostEnded || endOf(token) < now - endedKeptMs),
  );
  return tokens.filter((token) => !dropped.has(token));
}

const endOf = ({ revokedAt, expiresAt }: TokenRecord): number =>
  Date.parse(revokedAt ?? expiresAt ?? "");
