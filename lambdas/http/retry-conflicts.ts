import { Conflict, unavailable } from "../scim/errors.ts";

/** How a retry waits. */
export interface Patience {
  readonly sleep: (milliseconds: number) => Promise<unknown>;
  /** From 0 to below 1, for jitter. */
  readonly random: () => number;
  /** The time in milliseconds. */
  readonly now: () => number;
}

const attempts = 10;

/** One more attempt must fit into API Gateway's 29 s. */
const patienceMilliseconds = 12_000;

/** Starts an action anew where another writer was first. @throws ScimError 503 where that happens too often or for too long. */
export async function retryConflicts<T>(
  run: () => Promise<T>,
  { sleep, random, now }: Patience,
  forMilliseconds = patienceMilliseconds,
): Promise<T> {
  const deadline = now() + forMilliseconds;
  for (let attempt = 0; attempt < attempts && now() < deadline; attempt++) {
    try {
      return await run();
    } catch (error) {
      if (!(error instanceof Conflict)) throw error;
    }
    await sleep(random() * Math.min(400, 10 * 2 ** attempt));
  }
  throw unavailable("Others change this resource at the same time; send this again.", 1);
}
