import type { Worker } from "node:worker_threads";
import type { FunctionFault, InstanceMessage } from "./messages.ts";

/** What is said between this process and an instance's thread, one message at a time. */
export interface Conversation {
  /**
   * Says something and waits for the next message. Where none comes in time,
   * or the thread ends, that is the message, and the thread is gone afterwards.
   */
  readonly next: (seconds: number, say?: () => void) => Promise<InstanceMessage>;
  /** Settles when the thread is gone, for whatever reason. */
  readonly gone: Promise<void>;
}

export function converse(worker: Worker): Conversation {
  let receive: ((message: InstanceMessage) => void) | undefined;
  let crash: FunctionFault | undefined;
  worker.on("message", (message: InstanceMessage) => receive?.(message));
  worker.on("error", (error: Error & { code?: string }) => {
    crash = crashOf(error);
  });
  const gone = new Promise<void>((resolve) => {
    worker.once("exit", (code) => {
      receive?.({ kind: "broken", fault: crash ?? exitOf(code) });
      resolve();
    });
  });

  const next: Conversation["next"] = async (seconds, say) => {
    const { promise, resolve } = Promise.withResolvers<InstanceMessage>();
    receive = resolve;
    const timer = setTimeout(
      () => resolve({ kind: "broken", fault: timeOutOf(seconds) }),
      seconds * 1000,
    );
    say?.();
    const message = await promise;
    clearTimeout(timer);
    receive = undefined;
    if (message.kind === "broken") await worker.terminate();
    return message;
  };
  return { next, gone };
}

const timeOutOf = (seconds: number): FunctionFault => ({
  errorType: "Sandbox.Timedout",
  errorMessage: `Task timed out after ${seconds.toFixed(2)} seconds`,
});

const exitOf = (code: number): FunctionFault => ({
  errorType: "Runtime.ExitError",
  errorMessage: `Runtime exited with error: exit status ${code}`,
});

function crashOf(error: Error & { code?: string }): FunctionFault {
  if (error.code === "ERR_WORKER_OUT_OF_MEMORY")
    return {
      errorType: "Runtime.OutOfMemory",
      errorMessage: "Runtime exited with error: signal: killed",
    };
  return {
    errorType: error.name,
    errorMessage: error.message,
    trace: (error.stack ?? "").split("\n"),
  };
}
