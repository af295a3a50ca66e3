/** How many calls may still be made. */
export interface CallBudget {
  /** Takes one call; false where none is left. */
  take(): boolean;
  /** Gives one back that was worth it. */
  giveBack(): void;
  /** In how many seconds there will be a call again. */
  secondsLeft(): number;
}

const minuteMs = 60_000;

/**
 * Allows at most so many calls in any minute: half of them at once, and the other half come back
 * evenly. So nobody waits for the end of a minute that others have used up at its beginning.
 */
export function callBudget(perMinute: number, clock: () => number): CallBudget {
  const most = perMinute / 2;
  const perMs = most / minuteMs;
  let left = most;
  let countedAt = clock();

  const count = () => {
    left = Math.min(most, left + (clock() - countedAt) * perMs);
    countedAt = clock();
  };
  return {
    take: () => {
      count();
      if (left < 1) return false;
      left -= 1;
      return true;
    },
    giveBack: () => {
      left = Math.min(most, left + 1);
    },
    secondsLeft: () => {
      count();
      return Math.max(1, Math.ceil((1 - left) / perMs / 1000));
    },
  };
}
