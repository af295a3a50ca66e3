import { randomUUID } from "node:crypto";
import { type Functions, payloadLimitBytes } from "../functions/functions.ts";
import { readJson } from "../json.ts";
import type { FunctionSpec } from "../template/functions.ts";
import { account, region } from "../template/pseudo-parameters.ts";
import { type Answer, type Call, restError, type Service } from "./exchange.ts";
import type { Need } from "./iam.ts";

/** An event that is not waited for may be this large. */
const asyncLimitBytes = 1024 * 1024;

/** Lambda's API, as far as functions are invoked by it. */
export function lambdaService(functions: Functions): Service {
  return async (call) => {
    const target = invocationTarget(call);
    if (target === undefined)
      return restError(404, "UnknownOperationException", "The local Lambda only knows Invoke.");
    const spec = functions.find(target);
    if (!spec)
      return restError(
        404,
        "ResourceNotFoundException",
        `Function not found: ${functionArn(target)}`,
      );
    return invoke(functions, spec, call);
  };
}

/** The rights that a call to Lambda needs; undefined for an operation that is not known. */
export function lambdaNeeds(call: Call, functions: Functions): readonly Need[] | undefined {
  const target = invocationTarget(call);
  if (target === undefined) return undefined;
  const resource = functions.find(target)?.arn ?? functionArn(target);
  return [{ action: "lambda:InvokeFunction", resource }];
}

async function invoke(functions: Functions, spec: FunctionSpec, call: Call): Promise<Answer> {
  const type = String(call.headers["x-amz-invocation-type"] ?? "RequestResponse");
  const payload = call.body.toString("utf8") || "{}";
  const limit = type === "Event" ? asyncLimitBytes : payloadLimitBytes;
  if (call.body.length > limit)
    return restError(
      413,
      "RequestTooLargeException",
      `Request must be smaller than ${limit} bytes for the InvokeFunction operation`,
    );
  const mistake = syntaxError(payload);
  if (mistake !== undefined)
    return restError(
      400,
      "InvalidRequestContentException",
      `Could not parse request body into json: ${mistake}`,
    );

  switch (type) {
    case "DryRun":
      return { status: 204, headers: {}, body: "" };
    case "Event":
      // A failure is reported by the function's log; nobody waits for it.
      void functions.invoke(spec, payload);
      return { status: 202, headers: {}, body: "" };
    case "RequestResponse":
      return invokeAndWait(functions, spec, payload, call.headers["x-amz-log-type"] === "Tail");
    default:
      return restError(
        400,
        "InvalidParameterValueException",
        `Unknown invocation type ${JSON.stringify(type)}`,
      );
  }
}

async function invokeAndWait(
  functions: Functions,
  spec: FunctionSpec,
  payload: string,
  withLog: boolean,
): Promise<Answer> {
  const outcome = await functions.invoke(spec, payload);
  return {
    status: 200,
    headers: {
      "Content-Type": "application/json",
      "x-amzn-RequestId": randomUUID(),
      "X-Amz-Executed-Version": "$LATEST",
      ...(outcome.isFault && { "X-Amz-Function-Error": "Unhandled" }),
      ...(withLog && { "X-Amz-Log-Result": Buffer.from(outcome.log).toString("base64") }),
    },
    body: outcome.payload,
  };
}

/** The function that a call invokes, by the name or ARN in its path. */
function invocationTarget({ method, url }: Call): string | undefined {
  const match = /^\/2015-03-31\/functions\/([^/?]+)\/invocations(\?|$)/.exec(url);
  return method === "POST" && match?.[1] ? decodeURIComponent(match[1]) : undefined;
}

function functionArn(target: string): string {
  return target.startsWith("arn:")
    ? target
    : `arn:aws:lambda:${region}:${account}:function:${target}`;
}

function syntaxError(text: string): string | undefined {
  try {
    readJson(text);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
