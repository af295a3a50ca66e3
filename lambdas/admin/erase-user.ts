import type { Message } from "./messages.ts";
import type { AdminPorts } from "./ports.ts";
import { AdminRefusal } from "./refusal.ts";
import { keptTenant } from "./tenant-entry.ts";

/** Leaves nothing of a person, alive or deleted; sent again it completes what was cut off. */
export async function eraseUser(ports: AdminPorts, message: Message<"user.erase">) {
  const { tenant } = message;
  await keptTenant(ports, tenant);
  const id = await idOf(ports, message);
  const erased = await ports.erasure.erase(tenant, id);
  if (!erased) throw nothingLeft(tenant, `id "${id}"`);
  const { userName, wasGone, completeBy } = erased;
  return {
    tenant,
    id,
    ...(userName && { userName }),
    erased: wasGone ? [] : ["user", "lookups", "formerGroups", "bookmarks"],
    completeBy,
    next: "Memberships, and changes of groups that are under way, lose it by completeBy. Backups of the table hold it for up to 35 days.",
  };
}

async function idOf(
  { erasure }: AdminPorts,
  { tenant, id, userName }: Message<"user.erase">,
): Promise<string> {
  if (id !== undefined && userName === undefined) return id;
  if (id !== undefined || userName === undefined)
    throw new AdminRefusal("invalidMessage", "Send either id or userName.");
  const ids = await erasure.withUserName(tenant, userName);
  const [first] = ids;
  if (first === undefined) throw nothingLeft(tenant, `userName "${userName}"`);
  if (ids.length === 1) return first;
  throw new AdminRefusal(
    "severalUsers",
    `Several users have or had the userName "${userName}", and may be different persons: ${ids.join(", ")}. Nothing was changed. Send the id of each that is to be erased.`,
  );
}

const nothingLeft = (tenant: string, whom: string) =>
  new AdminRefusal(
    "unknownUser",
    `Tenant "${tenant}" has nothing of a user of ${whom}, or nothing any more: an erasure that was begun is completed without being sent again.`,
  );
