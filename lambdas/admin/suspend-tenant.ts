import type { Message } from "./messages.ts";
import type { AdminPorts } from "./ports.ts";
import { unknownTenant } from "./refusal.ts";
import { notDeleted, shownTenant } from "./tenant-entry.ts";

/** Lets nobody in, and keeps all that there is. Sent again it changes the reason, if there is another. */
export async function suspendTenant(
  { tenants, clock }: AdminPorts,
  { tenant, reason }: Message<"tenant.suspend">,
) {
  const entry = await tenants.change(tenant, (found) => {
    const { state, suspension } = notDeleted(found);
    const isSame = reason === undefined || suspension?.reason === reason;
    if (state === "suspended" && isSame) return found;
    const at = suspension?.at ?? new Date(clock()).toISOString();
    return { ...found, state: "suspended", suspension: { at, ...(reason && { reason }) } };
  });
  if (!entry) throw unknownTenant(tenant);
  return {
    ...shownTenant(entry),
    inForce:
      "Requests are answered 403 with the reason within the deployment's credentialCacheSeconds (60 unless it was set otherwise). Entra may put the customer's provisioning into quarantine meanwhile, and sends again what was refused.",
  };
}

/** Lets a suspended tenant's clients in again. */
export async function resumeTenant({ tenants }: AdminPorts, { tenant }: Message<"tenant.resume">) {
  const entry = await tenants.change(tenant, (found) =>
    notDeleted(found).state === "active"
      ? found
      : { ...found, state: "active", suspension: undefined },
  );
  if (!entry) throw unknownTenant(tenant);
  return shownTenant(entry);
}
