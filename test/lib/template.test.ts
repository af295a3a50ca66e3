import { describe, expect, test } from "@jest/globals";
import { App } from "aws-cdk-lib";
import { Match, Template } from "aws-cdk-lib/assertions";
import { routes } from "../../lambdas/routes.ts";
import { RollcallStack } from "../../lib/rollcall-stack.ts";
import { readSettings } from "../../lib/settings.ts";
import { tableShape } from "../support/table.ts";

function templateOf(context: Record<string, unknown> = {}): Template {
  // Bundling is the local run's to test; here it would only take time.
  const app = new App({ context: { "aws:cdk:bundling-stacks": [], ...context } });
  const settings = readSettings((name) => app.node.tryGetContext(name));
  return Template.fromStack(new RollcallStack(app, settings.stackName, { settings }));
}

interface Resource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, never>>;
}

const template = templateOf();
const json = template.toJSON() as {
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Outputs: Readonly<Record<string, unknown>>;
};

/** The API's routes as `METHOD /path` below the stage, read back from its resources. */
function routesOf(template: Template): string[] {
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

describe("the API", () => {
  test("has every route of the table of routes, and no other", () => {
    const expected = Object.values(routes)
      .flat()
      .map((route) => route.replace(/ (.*?)\/?$/, " /scim/v2$1"));
    expect(routesOf(template).toSorted()).toEqual(expected.toSorted());
  });

  test("leads each route to the function that the table names", () => {
    const functions = template.findResources("AWS::Lambda::Function");
    const roomOf = (uri: unknown) => {
      const [, id = ""] = /"Fn::GetAtt":\["(\w+)","Arn"\]/.exec(JSON.stringify(uri)) ?? [];
      return functions[id]?.Properties.Environment.Variables.POWERTOOLS_SERVICE_NAME;
    };
    const led = Object.values(template.findResources("AWS::ApiGateway::Method")).map(
      ({ Properties }, at) => `${routesOf(template)[at]} ${roomOf(Properties.Integration.Uri)}`,
    );
    const named = Object.entries(routes).flatMap(([room, paths]) =>
      paths.map((route) => `${route.replace(/ (.*?)\/?$/, " /scim/v2$1")} ${room}`),
    );
    expect(led.toSorted()).toEqual(named.toSorted());
  });

  test("lies below the base path that was set", () => {
    const moved = templateOf({ basePath: "/v1.0/scim-2" });
    expect(routesOf(moved)).toContain("GET /v1.0/scim-2/Users");
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

  test("has no route to the admin function", () => {
    const permissions = Object.values(template.findResources("AWS::Lambda::Permission"));
    expect(permissions).toHaveLength(Object.keys(routes).length);
    expect(JSON.stringify(permissions)).not.toContain("Admin");
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

  test("are one a resource, and the admin's", () => {
    const names = functions.map(([, { Properties }]) => {
      const { Variables } = Properties.Environment;
      return Variables.POWERTOOLS_SERVICE_NAME;
    });
    expect(new Set(names)).toEqual(new Set([...Object.keys(routes), "admin"]));
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

describe("rights", () => {
  const statements = Object.values(template.findResources("AWS::IAM::Policy")).flatMap(
    ({ Properties }) =>
      Properties.PolicyDocument.Statement.map((statement: { Action: string | string[] }) => ({
        role: String(Properties.Roles[0].Ref),
        ...statement,
        actions: [statement.Action].flat(),
      })),
  ) as readonly { role: string; actions: string[]; Resource: unknown; Effect: string }[];

  const actionsOf = (name: string) =>
    statements
      .filter(({ role }) => role.startsWith(`${name}Role`))
      .flatMap(({ actions }) => actions)
      .toSorted();

  test("are listed action by action, on named resources", () => {
    for (const { actions, Resource, Effect } of statements) {
      expect(Effect).toBe("Allow");
      for (const action of actions) expect(action).toMatch(/^(dynamodb|secretsmanager|logs):\w+$/);
      expect(Resource).not.toBe("*");
      expect(Resource).toBeDefined();
    }
  });

  test("of a function that only tells what there is are to read credentials", () => {
    for (const name of ["Bulk", "Search", "Discovery"])
      expect(actionsOf(name)).toEqual([
        "dynamodb:GetItem",
        "logs:CreateLogStream",
        "logs:PutLogEvents",
        "secretsmanager:GetSecretValue",
      ]);
  });

  const logs = ["logs:CreateLogStream", "logs:PutLogEvents"];
  const directory = ["BatchGetItem", "DeleteItem", "GetItem", "PutItem", "Query", "UpdateItem"];

  test.each([
    ["Users", directory, ["GetSecretValue"]],
    ["Groups", [...directory, "ConditionCheckItem"], ["GetSecretValue"]],
    [
      "Admin",
      ["GetItem", "Query", "PutItem", "DeleteItem"],
      [
        "CreateSecret",
        "GetSecretValue",
        "ListSecretVersionIds",
        "PutSecretValue",
        "UpdateSecretVersionStage",
      ],
    ],
  ])("of the function %s are those that it needs, and no others", (name, table, secrets) => {
    const needed = [
      ...table.map((action) => `dynamodb:${action}`),
      ...secrets.map((action) => `secretsmanager:${action}`),
    ];
    expect(actionsOf(name)).toEqual([...needed, ...logs].toSorted());
  });

  test("come from no managed policy", () => {
    template.allResourcesProperties("AWS::IAM::Role", { ManagedPolicyArns: Match.absent() });
  });
});

test("the stack says what to paste and what to invoke", () => {
  expect(Object.keys(json.Outputs)).toEqual(
    expect.arrayContaining(["TenantUrl", "AdminFunctionName"]),
  );
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
    ["stackName", "1st"],
  ])("%s=%s is refused by name", (name, value) => {
    expect(() => readSettings((asked) => (asked === name ? value : undefined))).toThrow(
      new RegExp(`Settings in the CDK context are wrong\\. ${name}`),
    );
  });
});
