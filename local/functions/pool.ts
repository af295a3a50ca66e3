import { randomUUID } from "node:crypto";
import { faultOutcome, type Instance } from "./instance.ts";
import type { Outcome } from "./messages.ts";

/** A function's instances: made when they are needed, kept, one event in each at a time. */
export interface Pool {
  invoke(payload: string): Promise<Outcome>;
  /** Starts an instance ahead of its first event. */
  warm(): void;
  stop(): Promise<void>;
}

interface Waiting {
  readonly payload: string;
  readonly answer: (outcome: Outcome) => void;
}

/**
 * A pool of at most `limit` instances. Where Lambda would start ever more or
 * throttle, events wait here for an instance that is free.
 */
export function createPool(start: () => Instance, limit: number): Pool {
  const waiting: Waiting[] = [];
  const idle: Instance[] = [];
  const all = new Set<Instance>();
  let starting = 0;

  const pump = (): void => {
    while (waiting.length > 0) {
      const instance = idle.pop();
      if (!instance) break;
      const next = waiting.shift();
      if (next) void serve(instance, next);
    }
    while (starting < waiting.length && all.size < limit) void startOne();
  };

  const serve = async (instance: Instance, { payload, answer }: Waiting): Promise<void> => {
    const outcome = await instance.run(randomUUID(), payload);
    if (all.has(instance)) idle.push(instance);
    answer(outcome);
    pump();
  };

  const startOne = async (): Promise<void> => {
    const instance = start();
    all.add(instance);
    starting += 1;
    void instance.gone.then(() => {
      all.delete(instance);
      if (idle.includes(instance)) idle.splice(idle.indexOf(instance), 1);
    });

    const fault = await instance.ready;
    starting -= 1;
    if (!fault) idle.push(instance);
    // As on Lambda, the event for which it was started learns why it could not be.
    else waiting.shift()?.answer(faultOutcome(randomUUID(), fault));
    pump();
  };

  return {
    invoke: (payload) =>
      new Promise((answer) => {
        waiting.push({ payload, answer });
        pump();
      }),
    warm: () => {
      if (all.size === 0) void startOne();
    },
    stop: async () => {
      waiting.length = 0;
      await Promise.all([...all].map((instance) => instance.stop()));
    },
  };
}
