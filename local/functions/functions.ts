import type { FunctionSpec } from "../template/functions.ts";
import { functionEnvironment } from "./environment.ts";
import { startInstance } from "./instance.ts";
import type { Outcome } from "./messages.ts";
import { createPool, type Pool } from "./pool.ts";

/** What a function takes and gives at most in one call. */
export const payloadLimitBytes = 6_291_556;

/** The stack's functions, ready to run. */
export interface Functions {
  /** By name, ARN or partial ARN, with or without a qualifier. */
  find(nameOrArn: string): FunctionSpec | undefined;
  /** The payload is JSON text of no more than `payloadLimitBytes`. */
  invoke(spec: FunctionSpec, payload: string): Promise<Outcome>;
  warm(spec: FunctionSpec): void;
  stop(): Promise<void>;
}

/** Enough to race with, few enough for the memory of a small machine. */
const instancesPerFunction = 4;

/** `log` takes what functions write, `complain` what the platform has to say of them. */
export function createFunctions(options: {
  readonly specs: readonly FunctionSpec[];
  readonly gateway: string;
  readonly log: (text: string) => void;
  readonly complain: (text: string) => void;
}): Functions {
  const pools = new Map<FunctionSpec, Pool>();
  for (const spec of options.specs) {
    const environment = functionEnvironment(spec, options.gateway);
    pools.set(
      spec,
      createPool(
        () => startInstance({ spec, environment, log: options.log }),
        instancesPerFunction,
      ),
    );
  }

  let ending = false;
  const invoke = async (spec: FunctionSpec, payload: string): Promise<Outcome> => {
    const pool = pools.get(spec);
    if (!pool) throw new Error(`${spec.name} is no function of this deployment.`);
    const outcome = limited(await pool.invoke(payload));
    // What was under way at the end was ended, and is no fault of the function.
    if (outcome.isFault && !ending) options.complain(`${spec.name} failed: ${outcome.payload}`);
    return outcome;
  };

  return {
    find: (nameOrArn) => {
      const name = functionName(nameOrArn);
      return options.specs.find((spec) => spec.name === name);
    },
    invoke,
    warm: (spec) => pools.get(spec)?.warm(),
    stop: async () => {
      ending = true;
      await Promise.all([...pools.values()].map((pool) => pool.stop()));
    },
  };
}

function limited(outcome: Outcome): Outcome {
  if (Buffer.byteLength(outcome.payload) <= payloadLimitBytes) return outcome;
  const fault = {
    errorType: "Function.ResponseSizeTooLarge",
    errorMessage: `Response payload size exceeded maximum allowed payload size (${payloadLimitBytes} bytes).`,
  };
  return { ...outcome, payload: JSON.stringify(fault), isFault: true };
}

/** Of `name`, `name:qualifier`, `account:function:name` and `arn:aws:lambda:…:function:name:qualifier`. */
function functionName(nameOrArn: string): string {
  const parts = nameOrArn.split(":");
  const at = parts.indexOf("function");
  return parts[at + 1] ?? "";
}
