import { type TokenRecord, tokenState } from "../auth/tenant-secret.ts";
import type { Message } from "./messages.ts";
import type { AdminPorts } from "./ports.ts";
import { checkUnused } from "./recent-use.ts";
import { AdminRefusal, unknownToken } from "./refusal.ts";
import { keptTenant } from "./tenant-entry.ts";
import { shown, withChanged } from "./token-records.ts";

/**
 * Ends a token for good. Functions that have it cached go on taking it for the cache time. One that
 * is in use is ended only where that is confirmed.
 */
export async function revokeToken(ports: AdminPorts, message: Message<"token.revoke">) {
  const { tenant, tokenId } = message;
  const now = ports.clock();
  await keptTenant(ports, tenant);
  const secret = await ports.secrets.read(tenant);
  if (!secret) throw unknownToken(tenant, tokenId);
  const isActive = secret.tokens.some(
    (one) => one.id === tokenId && tokenState(one, now) === "active",
  );
  if (isActive) await checkUnused(ports, message, now);

  const revokedAt = new Date(now).toISOString();
  const after = await ports.secrets.change(tenant, (before) => {
    const record = before.tokens.find(({ id }) => id === tokenId);
    if (!record) throw unknownToken(tenant, tokenId);
    // What an earlier try of this very command left.
    if (record.revokedAt === revokedAt) return before;
    if (record.revokedAt !== undefined) throw revokedAlready(record, record.revokedAt);
    return withChanged(before, { ...record, revokedAt });
  });

  const revoked = after.tokens.filter(({ id }) => id === tokenId);
  return { tenant, ...revoked.map((record) => shown(record, now))[0] };
}

const revokedAlready = ({ id }: TokenRecord, at: string) =>
  new AdminRefusal("tokenNotActive", `Token "${id}" was revoked at ${at}; there is nothing to do.`);
