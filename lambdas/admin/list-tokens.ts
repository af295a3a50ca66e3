import type { TokenRecord } from "../auth/tenant-secret.ts";
import type { TokenUse } from "../auth/token-use.ts";
import type { Message } from "./messages.ts";
import type { AdminPorts } from "./ports.ts";
import { keptTenant } from "./tenant-entry.ts";
import { adviceOn } from "./token-advice.ts";
import { shown } from "./token-records.ts";

/** A tenant's tokens, oldest first, with when they were used and what to do about them, without anything that could be used as one. */
export async function listTokens(ports: AdminPorts, { tenant }: Message<"token.list">) {
  const [, uses] = await Promise.all([keptTenant(ports, tenant), ports.tokenUses.list(tenant)]);
  const now = ports.clock();
  const { tokens = [] } = (await ports.secrets.read(tenant)) ?? {};
  return {
    tenant,
    tokens: tokens.map((record: TokenRecord) => {
      const advice = adviceOn(record, { tenant, tokens, uses }, now);
      return {
        ...shown(record, now),
        ...shownUse(uses.get(record.id)),
        ...(advice !== undefined && { advice }),
      };
    }),
  };
}

/** What is known of a token's use, as an operator sees it; it may be 5 minutes behind. */
export function shownUse({ usedAt, succeededAt, failedAt, failure }: TokenUse = {}) {
  return {
    lastUsedAt: usedAt ?? "never",
    ...(succeededAt !== undefined && { lastSuccessAt: succeededAt }),
    ...(failedAt !== undefined && { lastFailure: { at: failedAt, ...failure } }),
  };
}
