import { mostReliedOnMs } from "../auth/tenant.ts";
import type { Message } from "./messages.ts";
import type { AdminPorts, TenantEntry } from "./ports.ts";
import { unknownTenant } from "./refusal.ts";
import { notErased, shownTenant } from "./tenant-entry.ts";

const dayMs = 24 * 60 * 60 * 1000;
const usualDays = 30;

/**
 * Nothing is erased before every function has learnt of the deletion, though none could read the
 * tenant for as long as it may do without, and has ended what it was at.
 */
const leastKeptMs = mostReliedOnMs + 5 * 60 * 1000;

/** Lets nobody in, and has the tenant erased after `keepDays`; sent again with others it moves that date. */
export async function deleteTenant(
  { tenants, clock }: AdminPorts,
  { tenant, keepDays }: Message<"tenant.delete">,
) {
  const entry = await tenants.change(tenant, (found) => {
    const { state, deletion } = notErased(found);
    if (state === "deleted" && keepDays === undefined) return found;
    const at = deletion?.at ?? new Date(clock()).toISOString();
    const eraseAfter = erasureOf(at, keepDays ?? usualDays);
    if (deletion?.eraseAfter === eraseAfter) return found;
    // By which a restore tells that it was suspended.
    const suspension = found.suspension ?? (state === "suspended" ? { at } : undefined);
    return { ...found, state: "deleted", suspension, deletion: { at, eraseAfter } };
  });
  if (!entry) throw unknownTenant(tenant);
  return {
    ...shownTenant(entry),
    next: `Requests are answered 403 within the deployment's credentialCacheSeconds. Until ${entry.deletion?.eraseAfter} {"action":"tenant.restore","tenant":"${tenant}"} brings everything back; after that everything is erased, which nothing undoes.`,
  };
}

function erasureOf(at: string, keepDays: number): string {
  const keptMs = Math.max(keepDays * dayMs, leastKeptMs);
  return new Date(Date.parse(at) + keptMs).toISOString();
}

/** Brings a deleted tenant back as it was: a suspended one is suspended still. */
export async function restoreTenant(
  { tenants, seats }: AdminPorts,
  { tenant }: Message<"tenant.restore">,
) {
  const entry = await tenants.change(tenant, async (found) => {
    if (notErased(found).state !== "deleted") return found;
    // A set that the deletion came before may have left its own there.
    await seats.setLimit(tenant, found.settings.seatLimit);
    return restored(found);
  });
  if (!entry) throw unknownTenant(tenant);
  return shownTenant(entry);
}

const restored = (found: TenantEntry): TenantEntry => ({
  ...found,
  state: found.suspension ? "suspended" : "active",
  deletion: undefined,
});
