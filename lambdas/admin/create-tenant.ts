import { inForceWith } from "./choose-settings.ts";
import type { Message } from "./messages.ts";
import type { AdminPorts } from "./ports.ts";
import { AdminRefusal } from "./refusal.ts";
import { notDeleted, shownTenant } from "./tenant-entry.ts";

/**
 * Makes a tenant: its secret first, then its item, which is what makes it exist. A create that was
 * cut off between the two is completed by the next one.
 */
export async function createTenant(ports: AdminPorts, message: Message<"tenant.create">) {
  const { tenant, settings = {} } = message;
  const { tenants, secrets, seats, clock } = ports;
  const { seatLimit } = inForceWith(ports, settings);

  const existing = await tenants.find(tenant);
  if (existing) {
    notDeleted(existing);
    if (!(await secrets.create(tenant)).isNew) throw nameTaken(tenant);
    return { ...shownTenant(existing), repaired: true };
  }

  const { secret } = await secrets.create(tenant);
  // Of a tenant that is gone: whoever still has one of its tokens would be let in.
  if (secret.tokens.length > 0) throw secretInUse(tenant);

  // Also where there is none: a create that was cut off may have left one.
  await seats.setLimit(tenant, seatLimit);
  const createdAt = new Date(clock()).toISOString();
  const outcome = await tenants.create({ tenant, settings, createdAt });
  if (outcome === "exists") {
    // Another create was faster, and may have set its limit before this one did. Written as a change
    // that changes nothing, so that a set which races begins anew.
    await tenants.change(tenant, async (found) => {
      await seats.setLimit(tenant, notDeleted(found).settings.seatLimit);
      return { ...found };
    });
    throw nameTaken(tenant);
  }
  const created = await tenants.get(tenant);
  return {
    ...(created && shownTenant(created)),
    next: `{"action":"token.issue","tenant":"${tenant}"} issues its first token.`,
  };
}

const nameTaken = (tenant: string) =>
  new AdminRefusal(
    "tenantExists",
    `There is a tenant "${tenant}" already; nothing was changed. Choose another name, or issue a token for it: {"action":"token.issue","tenant":"${tenant}"}.`,
  );

const secretInUse = (tenant: string) =>
  new AdminRefusal(
    "secretInUse",
    `There is no tenant "${tenant}", but there is a secret with tokens under its name. Delete that secret, or choose another name.`,
  );
