import { tokenState } from "../auth/tenant-secret.ts";
import type { Message } from "./messages.ts";
import type { AdminPorts } from "./ports.ts";
import { unknownTenant } from "./refusal.ts";
import { shownTenant } from "./tenant-entry.ts";

/** A tenant with its settings, which of them were chosen, and how much there is of it. */
export async function showTenant(ports: AdminPorts, { tenant }: Message<"tenant.show">) {
  const entry = await ports.tenants.find(tenant);
  if (!entry) throw unknownTenant(tenant);
  const shown = shownTenant(entry);
  if (entry.state === "erasing" || entry.state === "erased") return shown;

  const [counts, seats, secret] = await Promise.all([
    ports.figures.totals(tenant),
    ports.seats.read(tenant),
    ports.secrets.read(tenant),
  ]);
  const tokens = { active: 0, expired: 0, revoked: 0 };
  for (const token of secret?.tokens ?? []) tokens[tokenState(token, ports.clock())] += 1;
  return { ...shown, chosen: entry.chosen, ...counts, ...(seats && { seats }), tokens };
}
