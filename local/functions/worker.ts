import { access } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { parentPort, workerData } from "node:worker_threads";
import type { FunctionFault, InstanceData, InstanceMessage, InvokeMessage } from "./messages.ts";

type Handler = (event: unknown, context: object) => unknown;

// The instance starts this file with such data and no other way.
const data: InstanceData = workerData;
const port = parentPort;
const report = (message: InstanceMessage) => port?.postMessage(message);

const loaded = await load().catch((error: unknown) => {
  report({ kind: "broken", fault: faultOf(error) });
  return undefined;
});
if (loaded) {
  const handler = loaded;
  port?.on("message", (message: InvokeMessage) => {
    void invoke(handler, message).then(report);
  });
  report({ kind: "ready" });
}

async function invoke(handler: Handler, message: InvokeMessage): Promise<InstanceMessage> {
  try {
    const result = await handler(JSON.parse(message.payload), contextOf(message));
    await written();
    return { kind: "answer", payload: JSON.stringify(result) ?? "null" };
  } catch (error) {
    return { kind: "fault", fault: faultOf(error) };
  }
}

/** The outputs go to the other thread by another way than the answer, which must not overtake them. */
async function written(): Promise<void> {
  for (const output of [process.stdout, process.stderr])
    if (output.writableLength > 0) await new Promise((resolve) => output.write("", resolve));
}

async function load(): Promise<Handler> {
  const [file = "index", name = "handler"] = data.handler.split(/\.(?=[^.]+$)/);
  const module: Record<string, unknown> = await import(
    pathToFileURL(await moduleFile(join(data.codeFolder, file))).href
  );
  const handler = module[name];
  if (typeof handler !== "function") throw new Error(`${data.handler} is undefined or no function`);
  return (event, context) => Reflect.apply(handler, undefined, [event, context]);
}

async function moduleFile(base: string): Promise<string> {
  // In the order in which Lambda's runtime looks.
  for (const ending of [".js", ".mjs", ".cjs"]) {
    const found = await access(base + ending).then(
      () => true,
      () => false,
    );
    if (found) return base + ending;
  }
  throw new Error(`Cannot find module '${base}'`);
}

const contextOf = ({ requestId, deadline }: InvokeMessage) => ({
  awsRequestId: requestId,
  callbackWaitsForEmptyEventLoop: true,
  functionName: data.functionName,
  functionVersion: "$LATEST",
  invokedFunctionArn: data.functionArn,
  logGroupName: data.logGroup,
  logStreamName: "local",
  memoryLimitInMB: String(data.memoryMb),
  getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
});

function faultOf(error: unknown): FunctionFault {
  if (!(error instanceof Error))
    return { errorType: typeof error, errorMessage: String(error), trace: [] };
  const trace = (error.stack ?? "").split("\n");
  return { errorType: error.name, errorMessage: error.message, trace };
}
