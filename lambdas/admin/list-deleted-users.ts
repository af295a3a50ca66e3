import type { Message } from "./messages.ts";
import type { AdminPorts } from "./ports.ts";
import { unknownTenant } from "./refusal.ts";

const usualLimit = 100;

/** The users of a tenant that were deleted and can be restored. */
export async function listDeletedUsers(
  { tenants, deletedUsers }: AdminPorts,
  { tenant, limit = usualLimit, after }: Message<"user.listDeleted">,
) {
  if (!(await tenants.get(tenant))) throw unknownTenant(tenant);
  return { tenant, ...(await deletedUsers.list(tenant, limit, after)) };
}
