import { readScopes } from "../auth/scopes.ts";
import { type TenantSecret, type TokenRecord, tokenState } from "../auth/tenant-secret.ts";
import { newlyIssued } from "./issue-token.ts";
import type { Message } from "./messages.ts";
import type { AdminPorts } from "./ports.ts";
import { checkUnused } from "./recent-use.ts";
import { AdminRefusal, unknownToken } from "./refusal.ts";
import { livingTenant } from "./tenant-entry.ts";
import { newToken, readExpiry, shown, withChanged, withToken } from "./token-records.ts";

const hourMs = 60 * 60 * 1000;

/** Issues a token in place of another, which goes on working for a while so that the client can be switched over. */
export async function rotateToken(ports: AdminPorts, message: Message<"token.rotate">) {
  const { tenant, tokenId, overlapHours } = message;
  const now = ports.clock();
  const expiresAt = readExpiry(message, now);
  await livingTenant(ports, tenant);

  const old = activeToken(await ports.secrets.read(tenant), message, now);
  if (overlapHours === 0) await checkUnused(ports, message, now);
  const wish = {
    replaces: tokenId,
    name: message.name ?? old.name,
    scopes: message.scopes ?? readScopes(old.scopes),
    expiresAt: expiresAt ?? sameLifetime(old, now),
  };
  const token = newToken(tenant, wish, now, ports.random);
  const after = await ports.secrets.change(tenant, (before) => {
    if (before.tokens.some(({ id }) => id === token.record.id)) return before;
    const replaced = ending(activeToken(before, message, now), now, overlapHours * hourMs);
    return withToken(withChanged(before, replaced), token.record, now);
  });

  const replaced = after.tokens.find(({ id }) => id === tokenId) ?? old;
  return { tenant, ...newlyIssued(token, now), replaces: shown(replaced, now) };
}

function activeToken(
  secret: TenantSecret | undefined,
  { tenant, tokenId }: Message<"token.rotate">,
  now: number,
): TokenRecord {
  const record = secret?.tokens.find(({ id }) => id === tokenId);
  if (!record) throw unknownToken(tenant, tokenId);
  const state = tokenState(record, now);
  if (state === "active") return record;
  throw new AdminRefusal(
    "tokenNotActive",
    `Token "${tokenId}" is ${state} and cannot be rotated. Issue a new one: {"action":"token.issue","tenant":"${tenant}"}.`,
  );
}

/** The old token, which ends after the overlap unless it was to end sooner. */
function ending(old: TokenRecord, now: number, overlapMs: number): TokenRecord {
  if (overlapMs === 0) return { ...old, revokedAt: new Date(now).toISOString() };
  const end = Math.min(now + overlapMs, Date.parse(old.expiresAt ?? "9999-01-01T00:00:00Z"));
  return { ...old, expiresAt: new Date(end).toISOString(), cutShort: unrotated(old) };
}

/** A token that was to live for 90 days is replaced by one that lives for 90 days, also if it is rotated twice. */
function sameLifetime(old: TokenRecord, now: number): string | undefined {
  const { expiresAt } = unrotated(old);
  if (expiresAt === undefined) return undefined;
  return new Date(now + Date.parse(expiresAt) - Date.parse(old.createdAt)).toISOString();
}

/** When a token was to end before it was rotated. */
const unrotated = ({ cutShort, expiresAt }: TokenRecord): { readonly expiresAt?: string } =>
  cutShort ?? (expiresAt === undefined ? {} : { expiresAt });
