import { ScimError } from "../scim/errors.ts";
import type { Message } from "./messages.ts";
import type { AdminPorts } from "./ports.ts";
import { AdminRefusal } from "./refusal.ts";
import { keptTenant } from "./tenant-entry.ts";

/** Makes a deleted user again: with its id, its attributes, and in the groups that it was in. */
export async function restoreUser(
  { tenants, deletedUsers }: AdminPorts,
  { tenant, id }: Message<"user.restore">,
) {
  await keptTenant({ tenants }, tenant);
  const restored = await deletedUsers.restore(tenant, id).catch(refuse);
  switch (restored.kind) {
    case "restored":
      return { tenant, id, userName: restored.user.resource.userName ?? null };
    case "notDeleted":
      throw new AdminRefusal("notDeleted", `The user "${id}" is there; nothing was changed.`);
    case "unknown":
      throw new AdminRefusal(
        "unknownUser",
        `There is no deleted user "${id}", or it was deleted too long ago. {"action":"user.listDeleted","tenant":"${tenant}"} lists those that can be restored.`,
      );
  }
}

function refuse(error: unknown): never {
  if (error instanceof ScimError && error.status === 409)
    throw new AdminRefusal("valueTaken", `${error.detail} Change or delete that one first.`);
  // What was stored once is refused for nothing else.
  if (error instanceof ScimError && error.status === 400)
    throw new AdminRefusal("seatsTaken", `${error.detail} Nothing was changed.`);
  throw error;
}
