import { type MatchOutcome, matchRow } from "./match-row.ts";
import type { Message } from "./messages.ts";
import type { AdminPorts } from "./ports.ts";
import { beginningMs, sideBySide } from "./side-by-side.ts";
import { keptTenant } from "./tenant-entry.ts";

const atOnce = 16;

const notReached: MatchOutcome = { outcome: "notReached" };

/** What a sync that matches users by one attribute would do with each of its own. */
export async function matchUsers(ports: AdminPorts, message: Message<"user.match">) {
  const { tenant, on, rows } = message;
  const { users, clock } = ports;
  const until = clock() + beginningMs;
  await keptTenant(ports, tenant);

  const outcomes = await sideBySide(rows, { atOnce, until, clock }, (row) =>
    ports.inTime(() => matchRow({ users, tenant, on }, row)),
  );
  return {
    tenant,
    on,
    results: outcomes.map((outcome = notReached, row) => ({ row, ...outcome })),
  };
}
