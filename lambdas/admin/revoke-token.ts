import type { TokenRecord } from "../auth/tenant-secret.ts";
import type { Message } from "./messages.ts";
import type { AdminPorts } from "./ports.ts";
import { AdminRefusal, unknownTenant, unknownToken } from "./refusal.ts";
import { shown, withChanged } from "./token-records.ts";

/** Ends a token for good. Functions that have it cached go on taking it for the cache time. */
export async function revokeToken(ports: AdminPorts, message: Message<"token.revoke">) {
  const { tenant, tokenId } = message;
  const now = ports.clock();
  if (!(await ports.tenants.get(tenant))) throw unknownTenant(tenant);
  if (!(await ports.secrets.read(tenant))) throw unknownToken(tenant, tokenId);

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
