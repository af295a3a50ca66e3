import { TenantSecretError } from "../auth/tenant-secret.ts";
import { ScimError } from "../scim/errors.ts";
import { createTenant } from "./create-tenant.ts";
import { deleteTenant, restoreTenant } from "./delete-tenant.ts";
import { eraseUser } from "./erase-user.ts";
import { checkColumns } from "./import-columns.ts";
import { importUsers } from "./import-users.ts";
import { issueToken } from "./issue-token.ts";
import { listDeletedUsers } from "./list-deleted-users.ts";
import { listTenants } from "./list-tenants.ts";
import { listTokens } from "./list-tokens.ts";
import { listUsers } from "./list-users.ts";
import { matchUsers } from "./match-users.ts";
import { type AdminMessage, readMessage } from "./messages.ts";
import type { AdminPorts } from "./ports.ts";
import { AdminRefusal } from "./refusal.ts";
import { restoreUser } from "./restore-user.ts";
import { revokeToken } from "./revoke-token.ts";
import { rotateToken } from "./rotate-token.ts";
import { setTenant } from "./set-tenant.ts";
import { showTenant } from "./show-tenant.ts";
import { resumeTenant, suspendTenant } from "./suspend-tenant.ts";
import { tenantStats } from "./tenant-stats.ts";
import { whoisToken } from "./whois-token.ts";

/** What every command is answered with. */
export type AdminAnswer =
  | ({ readonly ok: true } & Readonly<Record<string, unknown>>)
  | { readonly ok: false; readonly error: { readonly code: string; readonly message: string } };

/** The operator's commands. Only what nobody foresaw is thrown. */
export const adminCommands =
  (ports: AdminPorts) =>
  async (event: unknown): Promise<AdminAnswer> => {
    try {
      return { ok: true, ...(await carryOut(ports, readMessage(event))) };
    } catch (error) {
      if (error instanceof AdminRefusal || error instanceof TenantSecretError)
        return { ok: false, error: { code: error.code, message: error.message } };
      if (error instanceof ScimError)
        return { ok: false, error: { code: codeOf(error), message: error.detail } };
      throw error;
    }
  };

/** Whether it helps to send a command again as it is. */
const codeOf = ({ status }: ScimError) =>
  status === 429 || status === 503 ? "unavailable" : "invalidMessage";

function carryOut(ports: AdminPorts, message: AdminMessage): Promise<object> {
  switch (message.action) {
    case "tenant.create":
      return createTenant(ports, message);
    case "tenant.list":
      return listTenants(ports, message);
    case "tenant.show":
      return showTenant(ports, message);
    case "tenant.set":
      return setTenant(ports, message);
    case "tenant.suspend":
      return suspendTenant(ports, message);
    case "tenant.resume":
      return resumeTenant(ports, message);
    case "tenant.delete":
      return deleteTenant(ports, message);
    case "tenant.restore":
      return restoreTenant(ports, message);
    case "tenant.stats":
      return tenantStats(ports, message);
    case "token.issue":
      return issueToken(ports, message);
    case "token.list":
      return listTokens(ports, message);
    case "token.rotate":
      return rotateToken(ports, message);
    case "token.revoke":
      return revokeToken(ports, message);
    case "user.list":
      return listUsers(ports, message);
    case "user.columns":
      return checkColumns(ports, message);
    case "user.import":
      return importUsers(ports, message);
    case "user.match":
      return matchUsers(ports, message);
    case "token.whois":
      return whoisToken(ports, message);
    case "user.listDeleted":
      return listDeletedUsers(ports, message);
    case "user.restore":
      return restoreUser(ports, message);
    case "user.erase":
      return eraseUser(ports, message);
  }
}
