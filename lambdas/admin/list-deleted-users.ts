import type { Message } from "./messages.ts";
import type { AdminPorts } from "./ports.ts";
import { keptTenant } from "./tenant-entry.ts";

/** The users of a tenant that were deleted and can be restored. */
export async function listDeletedUsers(
  { tenants, deletedUsers }: AdminPorts,
  { tenant, limit, after }: Message<"user.listDeleted">,
) {
  await keptTenant({ tenants }, tenant);
  return { tenant, ...(await deletedUsers.list(tenant, limit, after)) };
}
