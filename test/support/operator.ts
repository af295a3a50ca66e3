import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import type { LocalRun } from "./local-run.ts";

type Answer = Readonly<Record<string, unknown>>;

/** Sends messages to a local run's admin function by the SDK alone, as any program may. */
export function operatorOf({ env }: LocalRun) {
  const lambda = new LambdaClient({
    endpoint: env.AWS_ENDPOINT_URL_LAMBDA ?? env.AWS_ENDPOINT_URL ?? "",
    region: env.AWS_REGION ?? "",
    credentials: {
      accessKeyId: env.AWS_ACCESS_KEY_ID ?? "",
      secretAccessKey: env.AWS_SECRET_ACCESS_KEY ?? "",
    },
  });
  const send = async (action: string, message: Answer = {}): Promise<Answer> => {
    const Payload = JSON.stringify({ action, ...message });
    const invoked = await lambda.send(
      new InvokeCommand({ FunctionName: env.ROLLCALL_ADMIN_FUNCTION, Payload }),
    );
    const answer = JSON.parse(Buffer.from(invoked.Payload ?? []).toString());
    if (invoked.FunctionError) throw new Error(`${action} failed: ${JSON.stringify(answer)}`);
    return answer;
  };
  return {
    /** The answer, whatever it is. */
    send,
    /** The answer of what must be carried out. */
    do: async (action: string, message: Answer = {}): Promise<Answer> => {
      const answer = await send(action, message);
      if (answer.ok !== true) throw new Error(`${action}: ${JSON.stringify(answer.error)}`);
      return answer;
    },
    /** A new token of a tenant. */
    token: async (tenant: string, wish: Answer = {}): Promise<string> => {
      const answer = await send("token.issue", { tenant, name: "Entra", ...wish });
      if (typeof answer.token !== "string") throw new Error(JSON.stringify(answer));
      return answer.token;
    },
    end: () => lambda.destroy(),
  };
}
