import { ScimError, unavailable } from "../scim/errors.ts";
import { boundedMap } from "./bounded-map.ts";
import type { Authenticator } from "./principal.ts";
import { readScopes } from "./scopes.ts";
import type { Tenant } from "./tenant.ts";
import { type CredentialSources, type Look, tenantCache } from "./tenant-cache.ts";
import { recordOf, tokenState } from "./tenant-secret.ts";
import { readToken, type Token } from "./token.ts";

/** How long a token that was looked for and not found is refused without another look. */
const rejectedMs = 15_000;
const mostRejected = 1000;

/**
 * Credentials that are checked against cached hashes. A new token works at once as a rule and within
 * 5 s in any case, a revoked one stops within the cache time, and what cannot be told yet is a 503,
 * never a 401 that may be wrong.
 */
export function cachedCredentials(sources: CredentialSources): Authenticator {
  const cache = tenantCache(sources);
  const rejectedUntil = boundedMap<number>(mostRejected);

  const lookUp = async (token: Token): Promise<Look> => {
    const look = await cache.get(token.tenant);
    if (look.isNew || tells(look, token)) return look;
    const again = await cache.lookAgain(token.tenant);
    // A look that was under way when the token came may have missed it.
    if (!again.isNew && !tells(again, token)) throw unavailable("Send this again.", 1);
    return again;
  };

  return {
    recognises: (text) => text.startsWith("rc_"),
    verify: async (text) => {
      const token = readToken(text);
      if (!token || (rejectedUntil.get(token.sha256) ?? 0) > sources.clock()) return undefined;

      const { found } = await lookUp(token);
      const record = found && recordOf(found.secret, token);
      if (!record) rejectedUntil.set(token.sha256, sources.clock() + rejectedMs);
      if (!record || tokenState(record, sources.clock()) !== "active") return undefined;

      checkState(token.tenant, found.tenant);
      const { settings } = found.tenant;
      return {
        tenant: token.tenant,
        credential: { kind: "token", id: record.id },
        scopes: readScopes(record.scopes),
        settings,
      };
    },
  };
}

/** Whether a look settles what the token is worth: ids are not used twice, so one that is there stands for itself. */
const tells = ({ found }: Look, { tokenId }: Token): boolean =>
  found?.secret.tokens.some(({ id }) => id === tokenId) ?? false;

/** Told to whoever has a good token: the customer's administrator, who reads it in Entra's provisioning log. */
function checkState(name: string, { state, suspension, deletion }: Tenant): void {
  switch (state) {
    case "active":
      return;
    case "suspended":
      throw new ScimError(
        403,
        `Tenant "${name}" is suspended${suspension?.reason ? `: ${suspension.reason}` : ""}. Its data is kept, but nothing is read or written until the operator of this service resumes it. The token is good and need not be changed.`,
      );
    case "deleted":
      throw new ScimError(
        403,
        `Tenant "${name}" was deleted${deletion ? ` on ${deletion.at}. Until ${deletion.eraseAfter} the operator of this service can restore it; after that its data is erased` : ""}. Nothing is read or written.`,
      );
  }
}
