import { CfnOutput, Duration, Stack } from "aws-cdk-lib";
import type { Construct } from "constructs";
import { DirectoryTable } from "./constructs/directory-table.ts";
import { ScimApi } from "./constructs/scim-api.ts";
import { ScimFunction } from "./constructs/scim-function.ts";
import { TenantSecrets } from "./constructs/tenant-secrets.ts";
import type { Settings } from "./settings.ts";

/** Rollcall in one account and region: an API for Entra, a function for operators, a table. */
export class RollcallStack extends Stack {
  constructor(scope: Construct, id: string, { settings }: { settings: Settings }) {
    super(scope, id, { description: "Rollcall: SCIM 2.0 for Microsoft Entra ID" });
    const { basePath, logRetentionDays, credentialCacheSeconds, retain } = settings;

    const table = new DirectoryTable(this, "Directory", { retain });
    const secrets = new TenantSecrets(this, "Tenants");

    const routed = (name: string, room: string, description: string) =>
      new ScimFunction(this, name, {
        room,
        description,
        logRetentionDays,
        // Below API Gateway's 29 s, so that a time-out is ours to log.
        timeout: Duration.seconds(28),
        environment: {
          BASE_PATH: basePath,
          CREDENTIAL_CACHE_SECONDS: String(credentialCacheSeconds),
        },
      });
    const users = routed("Users", "users", "SCIM users");
    const groups = routed("Groups", "groups", "SCIM groups and memberships");
    const bulk = routed("Bulk", "bulk", "SCIM bulk requests");
    const search = routed("Search", "search", "SCIM searches over all resource types");
    const discovery = routed("Discovery", "discovery", "SCIM schemas and capabilities");
    const admin = new ScimFunction(this, "Admin", {
      room: "admin",
      description: "Operators' commands: tenants and tokens",
      logRetentionDays,
      timeout: Duration.seconds(60),
    });

    // Every request is authenticated: the tenant's state is in the table, its tokens' hashes are in its secret.
    for (const fn of [users, groups, bulk, search, discovery]) {
      table.grant(fn, "GetItem");
      secrets.grant(fn, "GetSecretValue");
    }
    table.grant(users, "BatchGetItem", "Query", "PutItem", "UpdateItem", "DeleteItem");
    table.grant(groups, "BatchGetItem", "Query", "PutItem", "UpdateItem", "DeleteItem");
    table.grant(groups, "ConditionCheckItem");
    table.grant(admin, "GetItem", "Query", "PutItem", "DeleteItem");
    secrets.grant(admin, "CreateSecret", "GetSecretValue", "PutSecretValue");
    secrets.grant(admin, "ListSecretVersionIds", "UpdateSecretVersionStage");

    const functions = { users, groups, bulk, search, discovery };
    const api = new ScimApi(this, "Scim", { basePath, functions });

    new CfnOutput(this, "TenantUrl", {
      value: api.tenantUrl,
      description: "What a customer pastes into Entra as Tenant URL",
    });
    new CfnOutput(this, "AdminFunctionName", {
      value: admin.functionName,
      description: "The function that operators invoke",
    });
  }
}
