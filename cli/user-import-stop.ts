/**
 * Does `work` until it ends, or Ctrl-C asks it to come to an end; true where it ended by itself. A
 * second Ctrl-C does not wait. One press may come twice, from the terminal and from the launcher.
 */
export async function untilInterrupted(
  work: (signal: AbortSignal) => Promise<void>,
): Promise<boolean> {
  const stop = new AbortController();
  let since = 0;
  const onSignal = () => {
    if (stop.signal.aborted && Date.now() - since > 1000) process.exit(130);
    if (!stop.signal.aborted) since = Date.now();
    stop.abort();
  };
  for (const name of signals) process.on(name, onSignal);
  try {
    await work(stop.signal);
    return !stop.signal.aborted;
  } finally {
    for (const name of signals) process.off(name, onSignal);
  }
}

const signals = ["SIGINT", "SIGTERM"] as const;
