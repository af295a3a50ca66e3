import { CfnOutput, Duration, Stack } from "aws-cdk-lib";
import type { Construct } from "constructs";
import { ChangeFeed } from "./constructs/change-feed.ts";
import { DirectoryTable } from "./constructs/directory-table.ts";
import { schemasFile } from "./constructs/schemas-file.ts";
import { ScimApi } from "./constructs/scim-api.ts";
import { ScimFunction } from "./constructs/scim-function.ts";
import { TenantSecrets } from "./constructs/tenant-secrets.ts";
import { WorkerRuns } from "./constructs/worker-runs.ts";
import type { DeploymentSchemas } from "./deployment-schemas.ts";
import type { Settings } from "./settings.ts";

export interface RollcallStackProps {
  readonly settings: Settings;
  readonly schemas: DeploymentSchemas;
}

/** Rollcall in one account and region: an API for Entra, a function for operators, a table. */
export class RollcallStack extends Stack {
  constructor(scope: Construct, id: string, { settings, schemas }: RollcallStackProps) {
    super(scope, id, { description: "Rollcall: SCIM 2.0 for Microsoft Entra ID" });
    const { basePath, logRetentionDays, credentialCacheSeconds, retain } = settings;

    const table = new DirectoryTable(this, "Directory", { retain });
    const secrets = new TenantSecrets(this, "Tenants");

    const file = schemasFile(this, schemas.documents);
    const routed = (name: string, room: string, description: string) =>
      new ScimFunction(this, name, {
        room,
        description,
        logRetentionDays,
        file,
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
    const resources =
      schemas.endpoints.length > 0
        ? routed("Resources", "resources", "SCIM resources of the types that the deployment adds")
        : undefined;
    const admin = new ScimFunction(this, "Admin", {
      room: "admin",
      description: "Operators' commands: tenants, tokens and deleted users",
      logRetentionDays,
      file,
      timeout: Duration.seconds(60),
    });
    const worker = new ScimFunction(this, "Worker", {
      room: "worker",
      description: "Background work: what a request leaves to be done",
      logRetentionDays,
      timeout: Duration.seconds(60),
      environment: { BACKGROUND_WRITE_UNITS: String(settings.backgroundWriteUnits) },
    });
    const feed = new ScimFunction(this, "Feed", {
      room: "feed",
      description: "Wakes the worker for what the table's stream tells of",
      logRetentionDays,
      timeout: Duration.seconds(15),
    });

    // Every request is authenticated: the tenant's state is in the table, its tokens' hashes are in its secret.
    for (const fn of [users, groups, bulk, search, discovery, resources]) {
      if (!fn) continue;
      table.grant(fn, "GetItem");
      secrets.grant(fn, "GetSecretValue");
    }
    for (const fn of [users, groups, bulk, resources])
      if (fn) table.grant(fn, "BatchGetItem", "Query", "PutItem", "UpdateItem", "DeleteItem");
    // A group's members are written on condition that the group is as it was read.
    for (const fn of [groups, bulk]) table.grant(fn, "ConditionCheckItem");
    // Whoever lists keeps bookmarks of where pages begin.
    table.grant(search, "BatchGetItem", "Query", "PutItem");
    // Admin restores users with their groups; the worker carries large changes over and clears up.
    for (const fn of [admin, worker]) {
      table.grant(fn, "GetItem", "BatchGetItem", "Query", "PutItem", "UpdateItem", "DeleteItem");
      table.grant(fn, "ConditionCheckItem");
    }
    // Whatever there is of a tenant that is erased, and its tokens.
    table.grant(worker, "BatchWriteItem", "Scan");
    secrets.grant(worker, "DeleteSecret");
    // The groups of a user, and lists by members.
    for (const fn of [users, groups, bulk, search, admin, worker]) table.grantIndexQuery(fn);
    secrets.grant(admin, "CreateSecret", "GetSecretValue", "PutSecretValue");
    secrets.grant(admin, "ListSecretVersionIds", "UpdateSecretVersionStage");

    const runs = new WorkerRuns(this, "WorkerRuns", { worker });
    runs.grantWake(feed);
    const changes = new ChangeFeed(this, "ChangeFeed", { table, fn: feed });

    const functions = { users, groups, bulk, search, discovery };
    const added = resources && { endpoints: schemas.endpoints, fn: resources };
    const api = new ScimApi(this, "Scim", { basePath, functions, added });

    new CfnOutput(this, "TenantUrl", {
      value: api.tenantUrl,
      description: "What a customer pastes into Entra as Tenant URL",
    });
    new CfnOutput(this, "AdminFunctionName", {
      value: admin.functionName,
      description: "The function that operators invoke",
    });
    new CfnOutput(this, "DeadLetterQueueUrl", {
      value: changes.deadLetterQueueUrl,
      description: "Where records of the table's stream go that could not be handled",
    });
  }
}
