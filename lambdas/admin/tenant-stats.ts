import { tokenState } from "../auth/tenant-secret.ts";
import type { TokenUse } from "../auth/token-use.ts";
import { shownUse } from "./list-tokens.ts";
import type { Message } from "./messages.ts";
import type { AdminPorts } from "./ports.ts";
import { keptTenant } from "./tenant-entry.ts";

/** How long what is counted by reading may take; the command itself has 60 s. */
const countingMs = 40_000;

/** How much a tenant has, and when it was last heard of. */
export async function tenantStats(ports: AdminPorts, message: Message<"tenant.stats">) {
  const { tenant } = message;
  const now = ports.clock();
  const [entry, totals, uses] = await Promise.all([
    keptTenant(ports, tenant),
    ports.figures.totals(tenant),
    ports.tokenUses.list(tenant),
  ]);

  const { tokens = [] } = (await ports.secrets.read(tenant)) ?? {};
  const counted = await countWhatIsAsked(ports, message, now);
  return {
    tenant,
    state: entry.state,
    ...totals,
    ...counted,
    ...lastsOf([...uses.values()]),
    tokens: tokens.map((record) => ({
      tokenId: record.id,
      name: record.name,
      state: tokenState(record, now),
      ...shownUse(uses.get(record.id)),
    })),
  };
}

/** What can only be had by reading everything, unless the tenant's seats tell of it. */
async function countWhatIsAsked(
  { figures, seats: ofTenants }: AdminPorts,
  { tenant, count = false }: Message<"tenant.stats">,
  now: number,
) {
  const seats = await ofTenants.read(tenant);
  const limited = seats && { seatLimit: seats.limit };
  const taken = seats?.isCounted ? { activeUsers: seats.taken } : undefined;
  if (!count) return { ...limited, ...taken };

  const until = now + countingMs;
  const activeUsers = taken?.activeUsers ?? (await figures.countActive(tenant, until));
  const memberships =
    activeUsers === undefined ? undefined : await figures.countMemberships(tenant, until);
  const missing = [
    ...(activeUsers === undefined ? ["activeUsers"] : []),
    ...(memberships === undefined ? ["memberships"] : []),
  ];
  return {
    ...limited,
    ...(activeUsers !== undefined && { activeUsers }),
    ...(memberships !== undefined && { memberships }),
    ...(missing.length > 0 && {
      note: `Counting would take longer than ${countingMs / 1000} s; not done: ${missing.join(", ")}.`,
    }),
  };
}

/** The latest of what is known of any token, ended ones among them. */
function lastsOf(uses: readonly TokenUse[]) {
  const latest = (time: "usedAt" | "succeededAt" | "failedAt") =>
    uses.toSorted((one, other) => (other[time] ?? "").localeCompare(one[time] ?? ""))[0];
  const failed = latest("failedAt");
  return {
    lastRequestAt: latest("usedAt")?.usedAt ?? "never",
    lastSuccessAt: latest("succeededAt")?.succeededAt ?? "never",
    ...(failed?.failedAt !== undefined && {
      lastFailure: { at: failed.failedAt, ...failed.failure },
    }),
  };
}
