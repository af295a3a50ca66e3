import { setTimeout as sleep } from "node:timers/promises";
import { jsonError, type Service } from "./exchange.ts";
import type { FaultsControl } from "./faults-control.ts";

/** Longer than a client of Secrets Manager waits. */
const slowMs = 10_000;

/** Secrets Manager on a bad day, in front of one that never has one. */
export const troubledSecrets =
  (service: Service, { current, isTroubled }: FaultsControl, waitMs = slowMs): Service =>
  async (call) => {
    if (!isTroubled(call)) return service(call);
    switch (current().secrets) {
      case "up":
        return service(call);
      case "down":
        return jsonError(500, "InternalServiceError", "An error occurred on the server side.");
      case "throttled":
        return jsonError(400, "ThrottlingException", "Rate exceeded");
      case "slow":
        // Nobody waits for it at the end of the run.
        await sleep(waitMs, undefined, { ref: false });
        return service(call);
    }
  };
