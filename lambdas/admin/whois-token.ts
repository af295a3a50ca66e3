import { recordOf, type TenantSecret, tokenState } from "../auth/tenant-secret.ts";
import { readToken, type Token } from "../auth/token.ts";
import { shownUse } from "./list-tokens.ts";
import type { Message } from "./messages.ts";
import type { AdminPorts } from "./ports.ts";
import { AdminRefusal } from "./refusal.ts";
import { shown } from "./token-records.ts";

/**
 * Whose token this is that was found somewhere, and what to do. It takes the token, or what its form
 * says with its hash, so that the token itself need not be sent; it never gives it back.
 */
export async function whoisToken(ports: AdminPorts, message: Message<"token.whois">) {
  const token = readAsked(message);
  if (!token) return { state: "mistyped", advice: mistyped };

  const { tenant, tokenId } = token;
  const named = { tenant, tokenId };
  const entry = await ports.tenants.get(tenant);
  if (!entry) return { state: "unknownTenant", ...named, advice: unknownTenant };

  const secret = await ports.secrets.read(tenant);
  const record = secret && recordOf(secret, token);
  const of = { ...named, tenantState: entry.state };
  if (!record) return { state: "unknownToken", ...of, advice: adviceOnUnknown(secret, tokenId) };

  const now = ports.clock();
  const uses = await ports.tokenUses.list(tenant);
  const state = tokenState(record, now);
  const works =
    entry.state === "active"
      ? "It works."
      : `It is answered 403 as long as its tenant is ${entry.state}, and works again after that.`;
  const advice =
    state === "active" ? `${works} ${leaked(tenant, tokenId)}` : ended(tenant, tokenId);
  return { ...of, ...shown(record, now), ...shownUse(uses.get(tokenId)), advice };
}

/** Undefined for a token whose form is wrong. @throws AdminRefusal where it is not said in exactly one way. */
function readAsked(message: Message<"token.whois">): Token | undefined {
  const { token, tenant, tokenId, sha256 } = message;
  const parts = [tenant, tokenId, sha256].filter((part) => part !== undefined).length;
  if (token !== undefined && parts === 0) return readToken(token.trim().replace(/^bearer\s+/i, ""));
  if (token === undefined && tenant && tokenId && sha256) return { tenant, tokenId, sha256 };
  throw new AdminRefusal(
    "invalidMessage",
    "Send either token, or tenant, tokenId and sha256 (of the whole token, in hex), and not both.",
  );
}

const mistyped =
  "No token of Rollcall: its form or its checksum is wrong. It was mistyped or cut off, or belongs to something else. Nobody can use it as it is; find the whole token and ask again.";

const unknownTenant =
  "Well-formed, but there is no such tenant: it never existed, was erased, or belongs to another deployment. It opens nothing here. Ask whoever runs Rollcall elsewhere.";

function adviceOnUnknown(secret: TenantSecret | undefined, tokenId: string): string {
  if (secret?.tokens.some(({ id }) => id === tokenId))
    return "Forged: the tenant has a token of this id, but this is not it. It opens nothing; whoever made it knows the id, which is no secret.";
  return "Well-formed, but the tenant has no such token: it ended more than 90 days ago, or belongs to another deployment. It opens nothing here.";
}

const leaked = (tenant: string, tokenId: string) =>
  `If it was found where it should not be, it has leaked: rotate it ({"action":"token.rotate","tenant":"${tenant}","tokenId":"${tokenId}","overlapHours":1}), have the customer paste the new one into Entra at once, then revoke it ({"action":"token.revoke","tenant":"${tenant}","tokenId":"${tokenId}","confirm":true}). Look through the logs for what was done with it: {"credential":{"kind":"token","id":"${tokenId}"}}.`;

const ended = (tenant: string, tokenId: string) =>
  `It works no more. Remove it from where it was found, and look through the logs for what was done with it before it ended: {"credential":{"kind":"token","id":"${tokenId}"}}. Tenant "${tenant}" needs nothing else.`;
