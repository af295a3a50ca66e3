import { readEventSources } from "../template/event-sources.ts";
import { readPermissions } from "../template/permissions.ts";
import { readRules } from "../template/rules.ts";
import type { Stack } from "../template/stack.ts";
import { type MappingParts, startMapping } from "./mappings.ts";
import { keepSchedule } from "./schedule.ts";

/** Starts whatever runs functions without a request: streams and schedules. `signal` ends it all. */
export async function startEvents(stack: Stack, parts: MappingParts): Promise<void> {
  const mayInvoke = readPermissions(stack, "events");
  for (const rule of readRules(stack)) keepSchedule(rule, { ...parts, mayInvoke });
  await Promise.all(readEventSources(stack).map((spec) => startMapping(spec, parts)));
}
