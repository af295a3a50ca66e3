import * as z from "zod/mini";
import type { Background } from "../store/store.ts";

/** What the worker takes from where it runs. */
export interface WorkerParts {
  readonly background: Background;
  readonly clock: () => number;
  readonly log: (line: string, what: Readonly<Record<string, number | boolean>>) => void;
  readonly report: (error: unknown) => void;
}

/** What of Lambda's context tells how long there is. */
export interface Remaining {
  getRemainingTimeInMillis(): number;
}

/** The last step that is begun has this long to end. */
const reserveMilliseconds = 10_000;

/**
 * Does what waits: all of it where the schedule asks, one group's change where the feed does.
 * Work that is left at the end waits for the next scheduled run. @throws where pieces of work
 * failed, after the others have been done, so that the function's errors tell of it.
 */
export const worker =
  ({ background, clock, log, report }: WorkerParts) =>
  async (event: unknown, remaining: Remaining): Promise<void> => {
    const only = readOccasion(event);
    const until = clock() + remaining.getRemainingTimeInMillis() - reserveMilliseconds;

    const { done, left, failures } = await background.run(until, only);

    log("background work", { woken: only !== undefined, done, left, failed: failures.length });
    for (const failure of failures) report(failure);
    if (failures.length > 0)
      throw new Error(`${failures.length} pieces of background work failed; the log says why.`);
  };

const scheduled = z.object({ source: z.literal("aws.events") });

const woken = z.strictObject({
  tenant: z.string().check(z.regex(/^[a-z0-9-]{1,63}$/)),
  groupId: z.string().check(z.regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)),
});

/** The group that an event names; undefined for the schedule's. @throws for any other. */
function readOccasion(event: unknown): z.infer<typeof woken> | undefined {
  if (scheduled.safeParse(event).success) return undefined;
  const parsed = woken.safeParse(event);
  if (parsed.success) return parsed.data;
  throw new Error("An event is the schedule's, or names a tenant and a groupId and nothing else.");
}
