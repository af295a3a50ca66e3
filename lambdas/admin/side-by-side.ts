/** How much is done at once, and until when anything is begun. */
export interface Pace {
  readonly atOnce: number;
  /** The time in milliseconds. */
  readonly until: number;
  readonly clock: () => number;
}

/**
 * Works on all of `items`, a few at once, and answers in their order; undefined for those that no
 * time was left to begin with. What is under way when one fails is waited for.
 */
export async function sideBySide<T, R>(
  items: readonly T[],
  { atOnce, until, clock }: Pace,
  work: (item: T, index: number) => R | Promise<R>,
): Promise<readonly (R | undefined)[]> {
  const results: (R | undefined)[] = items.map(() => undefined);
  const waiting = items.entries();
  const take = async () => {
    for (const [index, item] of waiting) {
      if (clock() >= until) return;
      results[index] = await work(item, index);
    }
  };
  const done = await Promise.allSettled(Array.from({ length: atOnce }, take));
  const failed = done.find((one) => one.status === "rejected");
  if (failed) throw failed.reason;
  return results;
}

/** The function ends after 60 s, and what is begun last takes as long as a request may. */
export const beginningMs = 25_000;
