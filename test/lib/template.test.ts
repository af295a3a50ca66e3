import { copyFileSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { App } from "aws-cdk-lib";
import { Match, Template } from "aws-cdk-lib/assertions";
import { routes, routesOf } from "../../lambdas/routes.ts";
import { readDeploymentSchemas } from "../../lib/deployment-schemas.ts";
import { RollcallStack } from "../../lib/rollcall-stack.ts";
import { readSettings } from "../../lib/settings.ts";
import { tableShape } from "../support/table.ts";

/** Nothing that the deployment whose tests these are has in its own folder makes a difference. */
const none = mkdtempSync(join(tmpdir(), "rollcall-schemas-"));

function templateOf(context: Record<string, unknown> = {}): Template {
  // Bundling is the local run's to test; here it would only take time.
  const app = new App({ context: { "aws:cdk:bundling-stacks": [], schemas: none, ...context } });
  const settings = readSettings((name) => app.node.tryGetContext(name));
  const schemas = readDeploymentSchemas(settings.schemas);
  return Template.fromStack(new RollcallStack(app, settings.stackName, { settings, schemas }));
}

interface Resource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, never>>;
}

const template = templateOf();
const extended = templateOf({ schemas: "test/fixtures/schemas" });
const json = template.toJSON() as {
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Outputs: Readonly<Record<string, unknown>>;
};

/** The API's routes as `METHOD /path` below the stage, read back from its resources. */
function routesIn(template: Template): string[] {
  const resources = template.findResources("AWS::ApiGateway::Resource");
  const pathOf = (id: string | undefined): string => {
    const properties = id === undefined ? undefined : resources[id]?.Properties;
    if (!properties) return "";
    return `${pathOf(properties.ParentId.Ref)}/${properties.PathPart}`;
  };
  return Object.values(template.findResources("AWS::ApiGateway::Method")).map(
    ({ Properties }) => `${Properties.HttpMethod} ${pathOf(Properties.ResourceId.Ref)}`,
  );
}

/** The API's routes, each with the room of the function that answers it. */
function ledIn(template: Template): string[] {
  const functions = template.findResources("AWS::Lambda::Function");
  const paths = routesIn(template);
  const roomOf = (uri: unknown) => {
    const [, id = ""] = /"Fn::GetAtt":\["(\w+)","Arn"\]/.exec(JSON.stringify(uri)) ?? [];
    return functions[id]?.Properties.Environment.Variables.POWERTOOLS_SERVICE_NAME;
  };
  return Object.values(template.findResources("AWS::ApiGateway::Method")).map(
    ({ Properties }, at) => `${paths[at]} ${roomOf(Properties.Integration.Uri)}`,
  );
}

/** Routes as they are below the stage; each path has ANY beside its methods, for those that it does not have. */
const below = (paths: readonly string[]) => [
  ...new Set(
    paths
      .flatMap((route) => [route, `ANY ${route.split(" ")[1]}`])
      .map((route) => route.replace(/ (.*?)\/?$/, " /scim/v2$1")),
  ),
];

const ledTo = (rooms: Readonly<Record<string, readonly string[]>>) =>
  Object.entries(rooms).flatMap(([room, paths]) => below(paths).map((route) => `${route} ${room}`));

describe("the API", () => {
  test("has every route of the table of routes, and no other", () => {
    const expected = below(Object.values(routes).flat());
    expect(routesIn(template).toSorted()).toEqual(expected.toSorted());
  });

  test("leads each route to the function that the table names", () => {
    expect(ledIn(template).toSorted()).toEqual(ledTo(routes).toSorted());
  });

  test("lies below the base path that was set", () => {
    const moved = templateOf({ basePath: "/v1.0/scim-2" });
    expect(routesIn(moved)).toContain("GET /v1.0/scim-2/Users");
    expect(JSON.stringify(moved.toJSON().Outputs.TenantUrl)).toContain("/v1.0/scim-2");
    moved.hasResourceProperties("AWS::Lambda::Function", {
      Environment: { Variables: { BASE_PATH: "/v1.0/scim-2" } },
    });
  });

  test("answers by itself with SCIM errors only, an unknown route with 404", () => {
    const responses = Object.values(template.findResources("AWS::ApiGateway::GatewayResponse"));
    for (const { Properties } of responses) {
      const body = JSON.parse(Properties.ResponseTemplates["application/json"]);
      expect(body).toMatchObject({
        schemas: ["urn:ietf:params:scim:api:messages:2.0:Error"],
        status: Properties.StatusCode,
        detail: expect.any(String),
      });
    }
    template.hasResourceProperties("AWS::ApiGateway::GatewayResponse", {
      ResponseType: "MISSING_AUTHENTICATION_TOKEN",
      StatusCode: "404",
    });
    for (const type of ["DEFAULT_4XX", "DEFAULT_5XX", "THROTTLED", "REQUEST_TOO_LARGE"])
      template.hasResourceProperties("AWS::ApiGateway::GatewayResponse", { ResponseType: type });
  });

  test("takes any media type for binary, so that an answer in gzip reaches every client as such", () => {
    template.hasResourceProperties("AWS::ApiGateway::RestApi", { BinaryMediaTypes: ["*/*"] });
  });

  test("has no route to the functions that answer none", () => {
    const permissions = Object.values(
      template.findResources("AWS::Lambda::Permission", {
        Properties: { Principal: "apigateway.amazonaws.com" },
      }),
    );
    expect(permissions).toHaveLength(Object.keys(routes).length);
    for (const name of ["Admin", "Worker", "Feed"])
      expect(JSON.stringify(permissions)).not.toContain(name);
  });
});

describe("the table", () => {
  const [table] = Object.values(template.findResources("AWS::DynamoDB::GlobalTable"));

  test("has the keys and the index that the store's tests run on", () => {
    const { AttributeDefinitions, KeySchema, GlobalSecondaryIndexes } = table?.Properties ?? {};
    const sorted = (definitions: readonly { AttributeName: string }[]) =>
      definitions.toSorted((one, other) => (one.AttributeName < other.AttributeName ? -1 : 1));
    expect({
      AttributeDefinitions: sorted(AttributeDefinitions),
      KeySchema,
      GlobalSecondaryIndexes,
    }).toEqual({
      ...tableShape,
      AttributeDefinitions: sorted(tableShape.AttributeDefinitions),
    });
  });

  test("tells its stream of each write, with the item before and after", () => {
    expect(table?.Properties.StreamSpecification).toEqual({
      StreamViewType: "NEW_AND_OLD_IMAGES",
    });
  });

  test("is retained, recoverable to a point in time and protected from deletion", () => {
    expect(table).toMatchObject({
      DeletionPolicy: "Retain",
      UpdateReplacePolicy: "Retain",
      Properties: {
        BillingMode: "PAY_PER_REQUEST",
        TimeToLiveSpecification: { AttributeName: "expiresAt", Enabled: true },
        Replicas: [
          {
            DeletionProtectionEnabled: true,
            PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
          },
        ],
      },
    });
  });

  test("goes with the stack where that was set", () => {
    const given = templateOf({ retain: "false" }).findResources("AWS::DynamoDB::GlobalTable");
    expect(Object.values(given)[0]).toMatchObject({
      DeletionPolicy: "Delete",
      Properties: { Replicas: [{ DeletionProtectionEnabled: false }] },
    });
  });
});

describe("functions", () => {
  const functions = Object.entries(template.findResources("AWS::Lambda::Function"));

  test("are one a resource, the admin's, and two for the background", () => {
    const names = functions.map(([, { Properties }]) => {
      const { Variables } = Properties.Environment;
      return Variables.POWERTOOLS_SERVICE_NAME;
    });
    expect(new Set(names)).toEqual(new Set([...Object.keys(routes), "admin", "feed", "worker"]));
  });

  test("run on Node.js 24 on arm64, and end before API Gateway's 29 s", () => {
    for (const [, { Properties }] of functions) {
      expect(Properties).toMatchObject({ Runtime: "nodejs24.x", Architectures: ["arm64"] });
      const isRouted = Properties.Environment.Variables.BASE_PATH !== undefined;
      if (isRouted) expect(Properties.Timeout).toBeLessThan(29);
    }
  });

  test("keep their logs as long as was set", () => {
    const longer = templateOf({ logRetentionDays: "90" });
    longer.allResourcesProperties("AWS::Logs::LogGroup", {
      RetentionInDays: 90,
    });
  });
});

interface Statement {
  readonly role: string;
  readonly actions: readonly string[];
  readonly Resource: unknown;
  readonly Effect: string;
}

const statementsIn = (template: Template): readonly Statement[] =>
  Object.values(template.findResources("AWS::IAM::Policy")).flatMap(({ Properties }) =>
    Properties.PolicyDocument.Statement.map((statement: { Action: string | string[] }) => ({
      role: String(Properties.Roles[0].Ref),
      ...statement,
      actions: [statement.Action].flat(),
    })),
  );

/** What of the table a right is on, where it is not the table. */
function partOf(place: unknown): string {
  const text = JSON.stringify(place);
  if (text.includes("/index/gsi1")) return " on the index";
  return text.includes('"StreamArn"') ? " on the stream" : "";
}

/** What a function may do; `on the index` or `on the stream` behind what it may do there. */
const rightsOf = (template: Template, name: string) =>
  statementsIn(template)
    .filter(({ role }) => role.startsWith(`${name}Role`))
    .flatMap(({ actions, Resource }) => {
      const places = Array.isArray(Resource) ? Resource : [Resource];
      return places.flatMap((place) => actions.map((action) => `${action}${partOf(place)}`));
    })
    .toSorted();

describe("rights", () => {
  test("are listed action by action, on named resources", () => {
    for (const { actions, Resource, Effect } of statementsIn(template)) {
      expect(Effect).toBe("Allow");
      for (const action of actions)
        expect(action).toMatch(/^(dynamodb|lambda|secretsmanager|sqs|logs):\w+$/);
      expect(Resource).not.toBe("*");
      expect(Resource).toBeDefined();
    }
  });

  const logs = ["logs:CreateLogStream", "logs:PutLogEvents"];
  const directory = ["BatchGetItem", "DeleteItem", "GetItem", "PutItem", "Query", "UpdateItem"];
  const index = "Query on the index";

  test.each([
    ["Users", [...directory, index], ["GetSecretValue"]],
    ["Groups", [...directory, "ConditionCheckItem", index], ["GetSecretValue"]],
    ["Bulk", [...directory, "ConditionCheckItem", index], ["GetSecretValue"]],
    ["Search", ["BatchGetItem", "GetItem", "Query", "PutItem", index], ["GetSecretValue"]],
    ["Discovery", ["GetItem"], ["GetSecretValue"]],
    ["Resources", directory, ["GetSecretValue"]],
    [
      "Admin",
      [...directory, "ConditionCheckItem", index],
      [
        "CreateSecret",
        "GetSecretValue",
        "ListSecretVersionIds",
        "PutSecretValue",
        "UpdateSecretVersionStage",
      ],
    ],
    [
      "Worker",
      [...directory, "ConditionCheckItem", "BatchWriteItem", "Scan", index],
      ["DeleteSecret"],
    ],
  ])("of the function %s are those that it needs, and no others", (name, table, secrets) => {
    const needed = [
      ...table.map((action) => `dynamodb:${action}`),
      ...secrets.map((action) => `secretsmanager:${action}`),
    ];
    expect(rightsOf(extended, name)).toEqual([...needed, ...logs].toSorted());
  });

  test("of the function Feed are to read the stream, to wake the worker and to send dead letters", () => {
    const reading = ["DescribeStream", "GetRecords", "GetShardIterator", "ListStreams"];
    expect(rightsOf(template, "Feed")).toEqual(
      [
        ...reading.map((action) => `dynamodb:${action} on the stream`),
        "lambda:InvokeFunction",
        "sqs:SendMessage",
        ...logs,
      ].toSorted(),
    );
    const placeOf = (action: string) => {
      const found = statementsIn(template).filter(({ actions }) => actions.includes(action));
      return found.map(({ role, Resource }) => `${role} ${JSON.stringify(Resource)}`);
    };
    expect(placeOf("lambda:InvokeFunction")).toEqual([
      expect.stringMatching(/^FeedRole\w+ \{"Fn::GetAtt":\["Worker\w+","Arn"\]\}$/),
    ]);
    expect(placeOf("sqs:SendMessage")).toEqual([
      expect.stringMatching(/^FeedRole\w+ \{"Fn::GetAtt":\["\w+DeadLetters\w+","Arn"\]\}$/),
    ]);
  });

  test("come from no managed policy", () => {
    template.allResourcesProperties("AWS::IAM::Role", { ManagedPolicyArns: Match.absent() });
  });
});

describe("background work", () => {
  const [worker, feed] = ["worker", "feed"].map((room) =>
    Object.entries(template.findResources("AWS::Lambda::Function")).find(
      ([, { Properties }]) => Properties.Environment.Variables.POWERTOOLS_SERVICE_NAME === room,
    ),
  );

  test("is done for a minute at most, and writes as much of a partition's thousand as was set", () => {
    expect(worker?.[1].Properties).toMatchObject({
      Timeout: 60,
      Environment: { Variables: { TABLE_NAME: {}, BACKGROUND_WRITE_UNITS: "500" } },
    });
    templateOf({ backgroundWriteUnits: "50" }).hasResourceProperties("AWS::Lambda::Function", {
      Environment: { Variables: { BACKGROUND_WRITE_UNITS: "50" } },
    });
  });

  test("is begun every minute by one rule, which may invoke nothing but the worker", () => {
    const rules = Object.entries(template.findResources("AWS::Events::Rule"));
    expect(rules).toHaveLength(1);
    const [id, { Properties }] = rules[0] ?? ["", { Properties: {} }];
    expect(Properties).toMatchObject({
      ScheduleExpression: "rate(1 minute)",
      State: "ENABLED",
      Targets: [
        {
          Arn: { "Fn::GetAtt": [worker?.[0], "Arn"] },
          RetryPolicy: { MaximumEventAgeInSeconds: 60, MaximumRetryAttempts: 0 },
        },
      ],
    });
    const permissions = template.findResources("AWS::Lambda::Permission", {
      Properties: { Principal: "events.amazonaws.com" },
    });
    expect(Object.values(permissions)).toMatchObject([
      {
        Properties: {
          FunctionName: { "Fn::GetAtt": [worker?.[0], "Arn"] },
          SourceArn: { "Fn::GetAtt": [id, "Arn"] },
        },
      },
    ]);
  });

  test("that fails is not tried again before the next minute", () => {
    template.allResourcesProperties("AWS::Lambda::EventInvokeConfig", {
      FunctionName: { Ref: worker?.[0] },
      MaximumEventAgeInSeconds: 60,
      MaximumRetryAttempts: 0,
    });
    template.resourceCountIs("AWS::Lambda::EventInvokeConfig", 1);
  });

  test("is told of by the table's stream, of which only new changes of members cost an invocation", () => {
    const mappings = Object.values(template.findResources("AWS::Lambda::EventSourceMapping"));
    expect(mappings).toHaveLength(1);
    const { Properties, DependsOn } = mappings[0] ?? {};
    const { FilterCriteria, ...mapping } = Properties;
    expect(mapping).toEqual({
      BatchSize: 100,
      BisectBatchOnFunctionError: true,
      DestinationConfig: {
        OnFailure: {
          Destination: { "Fn::GetAtt": [expect.stringContaining("DeadLetters"), "Arn"] },
        },
      },
      EventSourceArn: { "Fn::GetAtt": [expect.stringContaining("DirectoryTable"), "StreamArn"] },
      FunctionName: { Ref: feed?.[0] },
      FunctionResponseTypes: ["ReportBatchItemFailures"],
      MaximumRecordAgeInSeconds: 3600,
      MaximumRetryAttempts: 3,
      ParallelizationFactor: 1,
      StartingPosition: "TRIM_HORIZON",
    });
    const patterns = FilterCriteria.Filters.map(({ Pattern }: { Pattern: string }) =>
      JSON.parse(Pattern),
    );
    expect(patterns).toEqual([
      { eventName: ["INSERT"], dynamodb: { Keys: { sk: { S: [{ prefix: "CHANGE#" }] } } } },
    ]);
    // Lambda tries the rights when it makes the mapping.
    expect(DependsOn).toContainEqual(expect.stringContaining("FeedRoleDefaultPolicy"));
  });

  test("wakes the worker within seconds, since the stream waits for it", () => {
    expect(feed?.[1].Properties).toMatchObject({
      Timeout: 15,
      Environment: { Variables: { WORKER_FUNCTION: { Ref: worker?.[0] } } },
    });
  });

  test("that nobody can read is kept for 14 days, encrypted, and told over TLS alone", () => {
    template.allResourcesProperties("AWS::SQS::Queue", {
      MessageRetentionPeriod: 14 * 24 * 3600,
      SqsManagedSseEnabled: true,
    });
    template.resourceCountIs("AWS::SQS::Queue", 1);
    template.hasResourceProperties("AWS::SQS::QueuePolicy", {
      PolicyDocument: {
        Statement: [
          {
            Action: "sqs:*",
            Effect: "Deny",
            Principal: { AWS: "*" },
            Condition: { Bool: { "aws:SecureTransport": "false" } },
          },
        ],
      },
    });
  });
});

test("the stack says what to paste, what to invoke and where to look", () => {
  expect(Object.keys(json.Outputs)).toEqual(
    expect.arrayContaining(["TenantUrl", "AdminFunctionName", "DeadLetterQueueUrl"]),
  );
});

describe("a deployment that adds a resource type", () => {
  test("has its routes, and a function of their own behind them", () => {
    const added = { resources: routesOf("/Devices") };
    expect(ledIn(extended).toSorted()).toEqual(ledTo({ ...routes, ...added }).toSorted());
  });

  test("has one permission and one function more than others", () => {
    for (const type of ["AWS::Lambda::Permission", "AWS::Lambda::Function"])
      expect(Object.keys(extended.findResources(type))).toHaveLength(
        Object.keys(template.findResources(type)).length + 1,
      );
  });

  test("has none if all that it adds is attributes of users", () => {
    const folder = mkdtempSync(join(tmpdir(), "rollcall-schemas-"));
    for (const name of ["badge.json", "user-type.json"])
      copyFileSync(join("test/fixtures/schemas", name), join(folder, name));
    expect(ledIn(templateOf({ schemas: folder })).toSorted()).toEqual(ledTo(routes).toSorted());
  });
});

describe("settings", () => {
  test.each([
    ["basePath", "scim/v2"],
    ["basePath", "/scim/"],
    ["basePath", "/scim/{id}"],
    ["retain", "perhaps"],
    ["logRetentionDays", "31"],
    ["credentialCacheSeconds", "0"],
    ["credentialCacheSeconds", "61"],
    ["backgroundWriteUnits", "49"],
    ["backgroundWriteUnits", "5001"],
    ["backgroundWriteUnits", "half"],
    ["stackName", "1st"],
    ["schemas", ""],
  ])("%s=%s is refused by name", (name, value) => {
    expect(() => readSettings((asked) => (asked === name ? value : undefined))).toThrow(
      new RegExp(`Settings in the CDK context are wrong\\. ${name}`),
    );
  });
});
