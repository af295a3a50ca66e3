import type { AdminPorts, TenantEntry } from "./ports.ts";
import { AdminRefusal, unknownTenant } from "./refusal.ts";

/** A tenant as an operator sees it; of an erased one there is nothing but when. */
export function shownTenant(entry: TenantEntry) {
  const { tenant, state, settings, createdAt, suspension, deletion, erasure } = entry;
  const dates = { createdAt, ...(deletion && { deletion }), ...(erasure && { erasure }) };
  if (state === "erased") return { tenant, state, ...dates };
  return { tenant, state, settings, ...dates, ...(suspension && { suspension }) };
}

/** The tenant of this name, unless it is deleted. @throws AdminRefusal */
export const livingTenant = async (ports: Tenants, tenant: string): Promise<TenantEntry> =>
  notDeleted(await keptTenant(ports, tenant));

/** The same, also where it is deleted and can be restored. @throws AdminRefusal */
export async function keptTenant({ tenants }: Tenants, tenant: string): Promise<TenantEntry> {
  const entry = await tenants.find(tenant);
  if (!entry) throw unknownTenant(tenant);
  return notErased(entry);
}

type Tenants = Pick<AdminPorts, "tenants">;

/** The tenant, unless it is deleted. @throws AdminRefusal with the way back. */
export function notDeleted(entry: TenantEntry): TenantEntry {
  const { tenant, state, deletion } = notErased(entry);
  if (state !== "deleted") return entry;
  throw new AdminRefusal(
    "tenantDeleted",
    `Tenant "${tenant}" was deleted on ${deletion?.at}; nothing was changed. Until ${deletion?.eraseAfter} {"action":"tenant.restore","tenant":"${tenant}"} brings it back as it was.`,
  );
}

/** The tenant, unless its data is going or has gone. @throws AdminRefusal */
export function notErased(entry: TenantEntry): TenantEntry {
  const { tenant, state, erasure } = entry;
  if (state !== "erasing" && state !== "erased") return entry;
  const what = state === "erased" ? "was erased" : "is being erased";
  const at = erasure?.erasedAt ?? erasure?.begunAt;
  throw new AdminRefusal(
    "tenantErased",
    `Tenant "${tenant}" ${what} (${at}); nothing can be done with it any more, and its name is never used again. Create a tenant of another name.`,
  );
}
