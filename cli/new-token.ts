import type { CommandContext } from "./command-context.ts";
import { shownValue } from "./facts.ts";

/**
 * The token goes to standard output, alone, so that it can be piped to where it is needed; what to do
 * with it goes beside it.
 */
export async function showNewToken(
  context: CommandContext,
  answer: Readonly<Record<string, unknown>>,
): Promise<void> {
  const { json, out, err } = context;
  if (json) {
    out.write(`${JSON.stringify(answer, null, 2)}\n`);
    return;
  }
  const { tenantUrl } = await context.deployment();
  const text = (name: string) => shownValue(answer[name]);
  const end = answer["expiresAt"] === undefined ? "does not expire" : `ends ${text("expiresAt")}`;
  err.write(
    `Token ${text("tokenId")} of tenant "${text("tenant")}" (${text("name")}) ${end}. It is shown only this once:\n\n`,
  );
  out.write(`${text("token")}\n`);
  err.write(`
Paste it into Entra (enterprise application, Provisioning, Admin Credentials) as
Secret Token, and as Tenant URL
  ${tenantUrl ?? "the stack's output TenantUrl"}
It works within 5 seconds.
`);
}
