import type { Message } from "./messages.ts";
import type { AdminPorts } from "./ports.ts";
import { unknownTenant } from "./refusal.ts";
import { shown } from "./token-records.ts";

/** A tenant's tokens, oldest first, without anything that could be used as one. */
export async function listTokens(ports: AdminPorts, { tenant }: Message<"token.list">) {
  if (!(await ports.tenants.get(tenant))) throw unknownTenant(tenant);
  const { tokens = [] } = (await ports.secrets.read(tenant)) ?? {};
  return { tenant, tokens: tokens.map((record) => shown(record, ports.clock())) };
}
