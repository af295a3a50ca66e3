import type { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";

/** What gets lost of a client's call, counted from 1: the request, so that nothing is done, or only the answer. */
export type Fault = (call: number) => "request" | "answer" | undefined;

/** The client, some of whose calls go unanswered. */
export function withFault(secrets: SecretsManagerClient, fault: Fault): SecretsManagerClient {
  const { requestHandler } = secrets.config;
  const handle = requestHandler.handle.bind(requestHandler);
  let calls = 0;
  requestHandler.handle = async (...request) => {
    calls += 1;
    const lost = fault(calls);
    if (lost === undefined) return handle(...request);
    if (lost === "answer") await handle(...request);
    throw Object.assign(new Error("no answer"), { name: "TimeoutError" });
  };
  return secrets;
}
