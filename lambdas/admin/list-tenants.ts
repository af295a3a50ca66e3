import type { Message } from "./messages.ts";
import type { AdminPorts } from "./ports.ts";
import { shownTenant } from "./tenant-entry.ts";

/** A page of tenants; `next` goes into the next message as `after`. */
export async function listTenants(
  { tenants }: AdminPorts,
  { limit, after, erased }: Message<"tenant.list">,
) {
  const { tenants: found, next } = await tenants.list({ limit, after, erased });
  const page = { tenants: found.map(shownTenant) };
  return next === undefined ? page : { ...page, next };
}
