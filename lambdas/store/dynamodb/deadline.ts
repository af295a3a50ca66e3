import { AsyncLocalStorage } from "node:async_hooks";
import { unavailable } from "../../scim/errors.ts";

/** Until when a request may use the store: its function ends after 28 s, and must still answer. */
export const storeMilliseconds = 25_000;

const deadlines = new AsyncLocalStorage<number>();

/**
 * Answers a request in time: once its time is up, no call to the store on its behalf goes on waiting
 * and none is begun. However its retries nest, each can so be patient for itself.
 */
export function inTime<T>(answer: () => Promise<T>): Promise<T> {
  return deadlines.run(Date.now() + storeMilliseconds, answer);
}

/** Waits for `call` as long as its request may. @throws ScimError 503 after that, when it is open what was done. */
export async function untilDeadline<T>(call: () => Promise<T>): Promise<T> {
  const deadline = deadlines.getStore();
  if (deadline === undefined) return call();
  checkDeadline();
  const { promise: timeUp, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(outOfTime()), deadline - Date.now());
  try {
    return await Promise.race([call(), timeUp]);
  } finally {
    clearTimeout(timer);
  }
}

/** @throws ScimError 503 where the request has no time left. */
export function checkDeadline(): void {
  if (Date.now() >= (deadlines.getStore() ?? Number.POSITIVE_INFINITY)) throw outOfTime();
}

const outOfTime = () => unavailable("The store takes too long; send this again.", 2);
