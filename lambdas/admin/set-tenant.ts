import type { TenantSettings } from "../auth/tenant-settings.ts";
import { chosenAfter, inForceWith } from "./choose-settings.ts";
import type { Message } from "./messages.ts";
import type { AdminPorts } from "./ports.ts";
import { AdminRefusal, unknownTenant } from "./refusal.ts";
import { notDeleted, shownTenant } from "./tenant-entry.ts";

/** Changes the settings that are named, and no others: of racing changes none is lost. */
export async function setTenant(
  ports: AdminPorts,
  { tenant, settings: wish }: Message<"tenant.set">,
) {
  let before: TenantSettings | undefined;
  const entry = await ports.tenants.change(tenant, async (found) => {
    before = notDeleted(found).settings;
    const chosen = chosenAfter(found.chosen, wish);
    const after = inForceWith(ports, chosen);
    if (wish.uniqueGroupNames !== undefined && after.uniqueGroupNames)
      await claimNames(ports, tenant);
    const keepsLimit = wish.seatLimit === undefined;
    // Also where it is the same: a command that was cut off may have left another one there.
    if (!keepsLimit) await ports.seats.setLimit(tenant, after.seatLimit);
    // A limit is written even then: a set that races and has set its own meanwhile begins anew.
    return keepsLimit && isSame(chosen, found.chosen) ? found : { ...found, chosen };
  });
  if (!entry || !before) throw unknownTenant(tenant);
  return {
    ...shownTenant(entry),
    chosen: entry.chosen,
    changed: changesBetween(before, entry.settings),
    inForce:
      "Functions follow within the deployment's credentialCacheSeconds (60 unless it was set otherwise).",
    ...(isNowUnique(before, entry.settings) && {
      next: "Until then a group may still be created with a name that another one has. Send this again in two minutes: it finds such groups, and has the others hold their names.",
    }),
  };
}

const isNowUnique = (before: TenantSettings, after: TenantSettings) =>
  !before.uniqueGroupNames && after.uniqueGroupNames;

/** What is different, from what to what; null where a setting is not there. */
function changesBetween(before: TenantSettings, after: TenantSettings) {
  const [was, is]: Readonly<Record<string, unknown>>[] = [{ ...before }, { ...after }];
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const moved = names.filter((name) => !isSame(was?.[name], is?.[name]));
  return Object.fromEntries(
    moved.map((name) => [name, { from: was?.[name] ?? null, to: is?.[name] ?? null }]),
  );
}

const isSame = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);

/**
 * Groups that were written while names need not be unique hold no claim to theirs: without one a
 * second group of that name would pass. Functions follow the setting after a while, so that what they
 * write until then is claimed only when this is sent again.
 */
async function claimNames({ groupNames }: AdminPorts, tenant: string): Promise<void> {
  const shared = await groupNames.claimAll(tenant);
  if (shared.length === 0) return;
  const some = shared
    .slice(0, 10)
    .map(({ displayName, ids }) => `"${displayName}" (${ids.join(", ")})`);
  throw new AdminRefusal(
    "sharedGroupNames",
    `${shared.length} groups of tenant "${tenant}" have a name that another one has: ${some.join("; ")}. Have them renamed or deleted, then send this again; until then no setting is changed.`,
  );
}
