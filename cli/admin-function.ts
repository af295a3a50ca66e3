import { InvokeCommand, type LambdaClient } from "@aws-sdk/client-lambda";
import * as z from "zod";
import { tellAwsError } from "./aws-errors.ts";
import { CommandError, exitCodes } from "./command-error.ts";

/**
 * Sends one message, such as `{ action: "tenant.list" }`, and gives what it was answered with.
 * @throws CommandError where it is refused, fails or cannot be sent.
 */
export type Admin = (
  message: Readonly<Record<string, unknown>>,
) => Promise<Readonly<Record<string, unknown>>>;

const answerShape = z.discriminatedUnion("ok", [
  z.looseObject({ ok: z.literal(true) }),
  z.looseObject({
    ok: z.literal(false),
    error: z.looseObject({ code: z.string(), message: z.string() }),
  }),
]);

const faultShape = z.object({ errorType: z.string(), errorMessage: z.string() });

/** The admin function of a deployment. `note` is told what an operator should know besides. */
export const adminFunction =
  (lambda: LambdaClient, functionName: string, note: (text: string) => void): Admin =>
  async (message) => {
    const command = new InvokeCommand({
      FunctionName: functionName,
      Payload: JSON.stringify(message),
    });
    const { Payload, FunctionError, $metadata } = await lambda.send(command).catch(tellAwsError);
    const text = Buffer.from(Payload ?? []).toString();
    const requestId = $metadata.requestId ?? "unknown";
    if (FunctionError) throw failed(functionName, text, requestId);

    // What was done by the first try is refused, or done a second time, by the next.
    if (($metadata.attempts ?? 1) > 1)
      note(
        `It took ${$metadata.attempts} tries: an answer was lost or late, and the command may have been carried out more than once.`,
      );
    const answer = answerShape.safeParse(jsonOf(text));
    if (!answer.success) throw unreadable(functionName, requestId);
    if (answer.data.ok) return answer.data;
    const { code, message: reason } = answer.data.error;
    // Whatever the service waited for in vain may have been done nevertheless.
    const exitCode = code === "unavailable" ? exitCodes.failed : exitCodes.refused;
    throw new CommandError(exitCode, code, reason);
  };

function failed(functionName: string, text: string, requestId: string): CommandError {
  const fault = faultShape.safeParse(jsonOf(text));
  const reason = fault.success ? `${fault.data.errorType}: ${fault.data.errorMessage}` : text;
  return new CommandError(
    exitCodes.failed,
    "functionFailed",
    `The function ${functionName} failed (${reason.slice(0, 500)}). Its log has the reason under request id ${requestId}. Look at what there is before you try again: it may have been done in part.`,
  );
}

const unreadable = (functionName: string, requestId: string) =>
  new CommandError(
    exitCodes.failed,
    "unreadableAnswer",
    `${functionName} gave an answer that is not the admin function's (request id ${requestId}). Is it the right function?`,
  );

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
