import { Worker } from "node:worker_threads";
import type { FunctionSpec } from "../template/functions.ts";
import { converse } from "./conversation.ts";
import type { FunctionFault, InstanceData, InvokeMessage, Outcome } from "./messages.ts";

/** One execution environment of a function: its module state lives here, and one event is in it at a time. */
export interface Instance {
  /** Settles when the module is loaded: with the fault where that failed. */
  readonly ready: Promise<FunctionFault | undefined>;
  /** Settles when the thread is gone, for whatever reason. */
  readonly gone: Promise<void>;
  run(requestId: string, payload: string): Promise<Outcome>;
  stop(): Promise<void>;
}

export interface InstanceOptions {
  readonly spec: FunctionSpec;
  readonly environment: Readonly<Record<string, string>>;
  /** Takes what the function writes to its outputs. */
  readonly log: (text: string) => void;
}

/** Lambda gives a module 10 s to load. */
const loadSeconds = 10;

/** Starts an instance in a thread of its own, so that a loop without end stops only itself. */
export function startInstance(options: InstanceOptions): Instance {
  const { timeoutSeconds } = options.spec;
  const worker = startWorker(options);
  const logs = collectLogs(worker, options.log);
  const { next, gone } = converse(worker);

  const load = async () => {
    const message = await next(loadSeconds);
    return message.kind === "broken" ? message.fault : undefined;
  };
  const run = async (requestId: string, payload: string): Promise<Outcome> => {
    logs.clear();
    const deadline = Date.now() + timeoutSeconds * 1000;
    const message = await next(timeoutSeconds, () =>
      send(worker, { requestId, payload, deadline }),
    );
    const log = logs.read();
    if (message.kind === "answer")
      return { requestId, payload: message.payload, isFault: false, log };
    if (message.kind === "ready") throw new Error("An instance became ready twice.");
    return { ...faultOutcome(requestId, message.fault), log };
  };
  const stop = async () => {
    await worker.terminate();
  };
  return { ready: load(), gone, run, stop };
}

/** The outcome of an invocation that a fault ended. */
export function faultOutcome(requestId: string, fault: FunctionFault): Outcome {
  // What the platform has to say of it is about a request; what the handler threw is not.
  const isOfPlatform = /^(Runtime|Sandbox)\./.test(fault.errorType);
  const prefix = isOfPlatform ? `RequestId: ${requestId} Error: ` : "";
  const body = { ...fault, errorMessage: `${prefix}${fault.errorMessage}` };
  return { requestId, payload: JSON.stringify(body), isFault: true, log: "" };
}

function startWorker({ spec, environment }: InstanceOptions): Worker {
  const workerData: InstanceData = {
    codeFolder: spec.codeFolder,
    handler: spec.handler,
    functionName: spec.name,
    functionArn: spec.arn,
    memoryMb: spec.memoryMb,
    logGroup: spec.logGroup,
  };
  return new Worker(new URL("./worker.ts", import.meta.url), {
    workerData,
    env: environment,
    // Flags of this process are not the function's.
    execArgv: environment.NODE_OPTIONS?.split(/\s+/).filter(Boolean) ?? [],
    resourceLimits: { maxOldGenerationSizeMb: spec.memoryMb },
    stdout: true,
    stderr: true,
  });
}

// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
const send = (worker: Worker, message: InvokeMessage) => worker.postMessage(message);

/** As much as Lambda gives back of the log of one invocation. */
const tailLength = 4096;

function collectLogs(worker: Worker, log: (text: string) => void) {
  let tail = "";
  for (const output of [worker.stdout, worker.stderr])
    output.setEncoding("utf8").on("data", (text: string) => {
      tail = (tail + text).slice(-tailLength);
      log(text);
    });
  return {
    clear: () => {
      tail = "";
    },
    read: () => tail,
  };
}
