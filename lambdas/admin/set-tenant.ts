import { readTenantSettings, type TenantSettings } from "../auth/tenant-settings.ts";
import { chosenAfter } from "./choose-settings.ts";
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
    const after = readTenantSettings(chosen);
    await checkGroupNames(ports, tenant, before, after);
    // Also where it is the same: a command that was cut off may have left another one there.
    if (wish.seatLimit !== undefined) await ports.seats.setLimit(tenant, after.seatLimit);
    return isSame(chosen, found.chosen) ? found : { ...found, chosen };
  });
  if (!entry || !before) throw unknownTenant(tenant);
  return {
    ...shownTenant(entry),
    chosen: entry.chosen,
    changed: changesBetween(before, entry.settings),
    inForce:
      "Functions follow within the deployment's credentialCacheSeconds (60 unless it was set otherwise).",
  };
}

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
 * Groups that were written while names need not be unique hold no claim to theirs, so that a second
 * one of the same name would pass.
 */
async function checkGroupNames(
  { counts }: AdminPorts,
  tenant: string,
  before: TenantSettings,
  after: TenantSettings,
): Promise<void> {
  if (before.uniqueGroupNames || !after.uniqueGroupNames) return;
  const { groups } = await counts.read(tenant);
  if (groups === 0) return;
  throw new AdminRefusal(
    "hasGroups",
    `uniqueGroupNames cannot be switched on while tenant "${tenant}" has groups (${groups}): nothing tells whether theirs are unique. Nothing was changed. Leave it off, or delete the groups, switch it on, and let the client create them again.`,
  );
}
