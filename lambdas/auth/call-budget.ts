/** How many calls may still be made in this minute. */
export interface CallBudget {
  /** Takes one call; false where none is left. */
  take(): boolean;
  /** In how many seconds there will be calls again. */
  secondsLeft(): number;
}

const minuteMs = 60_000;

/** Allows so many calls a minute. The minute begins with its first call. */
export function callBudget(perMinute: number, clock: () => number): CallBudget {
  let beganAt = Number.NEGATIVE_INFINITY;
  let taken = 0;
  return {
    take: () => {
      if (clock() - beganAt >= minuteMs) {
        beganAt = clock();
        taken = 0;
      }
      if (taken >= perMinute) return false;
      taken += 1;
      return true;
    },
    secondsLeft: () => Math.max(1, Math.ceil((beganAt + minuteMs - clock()) / 1000)),
  };
}
