import type { Message } from "./messages.ts";
import type { AdminPorts } from "./ports.ts";
import { livingTenant } from "./tenant-entry.ts";
import { type NewToken, newToken, readExpiry, shown, withToken } from "./token-records.ts";

/** Issues a token. The answer is the only place where it is ever shown. */
export async function issueToken(ports: AdminPorts, message: Message<"token.issue">) {
  const { tenant, name, scopes } = message;
  const now = ports.clock();
  const expiresAt = readExpiry(message, now);
  await livingTenant(ports, tenant);

  const token = newToken(tenant, { name, scopes, expiresAt }, now, ports.random);
  // A create that was cut off may have left the tenant without a secret. To create is the way to find
  // out: where IAM allows only secrets of a certain name, reading one that is missing may be denied.
  await ports.secrets.create(tenant);
  await ports.secrets.change(tenant, (before) =>
    before.tokens.some(({ id }) => id === token.record.id)
      ? before
      : withToken(before, token.record, now),
  );
  return { tenant, ...newlyIssued(token, now) };
}

/** A new token with what to do with it. */
export const newlyIssued = ({ record, text }: NewToken, now: number) => ({
  ...shown(record, now),
  token: text,
  use: "Paste token as Secret Token, and the stack's output TenantUrl as Tenant URL, into Entra (enterprise application, Provisioning, Admin Credentials). It is shown only this once and works within 5 seconds.",
});
