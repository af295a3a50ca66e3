/** What an instance's thread is started with. */
export interface InstanceData {
  readonly codeFolder: string;
  readonly handler: string;
  readonly functionName: string;
  readonly functionArn: string;
  readonly memoryMb: number;
  readonly logGroup: string;
}

/** One event for the handler. Payloads are JSON text, as they are on the way to and from Lambda. */
export interface InvokeMessage {
  readonly requestId: string;
  readonly payload: string;
  readonly deadline: number;
}

/** An error as Lambda's runtime reports it. */
export interface FunctionFault {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace?: readonly string[];
}

/** What an instance's thread reports. */
export type InstanceMessage =
  | { readonly kind: "ready" }
  | { readonly kind: "broken"; readonly fault: FunctionFault }
  | { readonly kind: "answer"; readonly payload: string }
  | { readonly kind: "fault"; readonly fault: FunctionFault };

/** What an invocation came to. */
export interface Outcome {
  readonly requestId: string;
  readonly payload: string;
  /** The handler failed or did not come back; `payload` then holds the error. */
  readonly isFault: boolean;
  /** What the function wrote meanwhile. */
  readonly log: string;
}
