import { expect, test } from "@jest/globals";
import type { JsonObject } from "../../local/json.ts";
import { readFunctions } from "../../local/template/functions.ts";
import { readPolicies } from "../../local/template/policies.ts";
import { stackOf } from "../../local/template/stack.ts";
import { readTables } from "../../local/template/table.ts";

const stack = (resources: JsonObject, outputs: JsonObject = {}) =>
  stackOf("Test", { Resources: resources, Outputs: outputs }, (key) => `/assets/${key}`);

test("names and ARNs are the same at every start, and fit together", () => {
  const made = stack(
    { Table: { Type: "AWS::DynamoDB::GlobalTable", Properties: {} } },
    {
      Name: { Value: { Ref: "Table" } },
      Arn: { Value: { "Fn::GetAtt": ["Table", "Arn"] } },
      Region: { Value: { "Fn::Sub": "${AWS::Partition} ${AWS::Region} ${AWS::StackName}" } },
    },
  );

  const name = "Test-Table-rmh05npm";
  expect(made.output("Name")).toBe(name);
  expect(made.output("Arn")).toBe(`arn:aws:dynamodb:us-east-1:000000000000:table/${name}`);
  expect(made.output("Region")).toBe("aws us-east-1 Test");
});

test("a name that the template gives is taken", () => {
  const fn = { Type: "AWS::Lambda::Function", Properties: { FunctionName: "mine" } };
  expect(stack({ Fn: fn }, { Name: { Value: { Ref: "Fn" } } }).output("Name")).toBe("mine");
});

test("a type that is not known hurts only where something refers to it", () => {
  const resources = { Odd: { Type: "AWS::Odd::Thing", Properties: {} } };
  expect(stack(resources).resources("AWS::Lambda::Function")).toEqual([]);
  expect(() => stack(resources, { It: { Value: { Ref: "Odd" } } }).output("It")).toThrow(
    "The local run does not know AWS::Odd::Thing, which Odd is.",
  );
});

test("an attribute, an output and a resource that are not there are named", () => {
  const made = stack(
    { Role: { Type: "AWS::IAM::Role", Properties: {} } },
    { A: { Value: { "Fn::GetAtt": ["Role", "Odd"] } }, B: { Value: { Ref: "Nobody" } } },
  );
  expect(() => made.output("A")).toThrow("does not know the attribute Role.Odd");
  expect(() => made.output("B")).toThrow("no resource Nobody");
  expect(() => made.output("C")).toThrow("no output C");
});

test("of a table remains what DynamoDB Local knows", () => {
  const [table] = readTables(
    stack({
      Table: {
        Type: "AWS::DynamoDB::GlobalTable",
        Properties: {
          AttributeDefinitions: [{ AttributeName: "pk", AttributeType: "S" }],
          KeySchema: [{ AttributeName: "pk", KeyType: "HASH" }],
          GlobalSecondaryIndexes: [
            {
              IndexName: "gsi1",
              KeySchema: [{ AttributeName: "pk", KeyType: "HASH" }],
              Projection: { ProjectionType: "ALL" },
              WarmThroughput: { ReadUnitsPerSecond: 1 },
            },
          ],
          SSESpecification: { SSEEnabled: true },
          StreamSpecification: { StreamViewType: "NEW_IMAGE" },
          TimeToLiveSpecification: { AttributeName: "expiresAt", Enabled: true },
          Replicas: [{ Region: { Ref: "AWS::Region" }, DeletionProtectionEnabled: true }],
        },
      },
    }),
  );
  expect(table?.expiryField).toBe("expiresAt");
  expect(table?.definition).toEqual({
    TableName: table?.name,
    BillingMode: "PAY_PER_REQUEST",
    AttributeDefinitions: [{ AttributeName: "pk", AttributeType: "S" }],
    KeySchema: [{ AttributeName: "pk", KeyType: "HASH" }],
    GlobalSecondaryIndexes: [
      {
        IndexName: "gsi1",
        KeySchema: [{ AttributeName: "pk", KeyType: "HASH" }],
        Projection: { ProjectionType: "ALL" },
      },
    ],
    StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_IMAGE" },
  });
});

const aFunction = (more: JsonObject = {}) => ({
  Role: { Type: "AWS::IAM::Role", Properties: {} },
  Fn: {
    Type: "AWS::Lambda::Function",
    Properties: {
      Code: { S3Bucket: "assets", S3Key: "abc.zip" },
      Handler: "index.handler",
      Role: { "Fn::GetAtt": ["Role", "Arn"] },
      Runtime: "nodejs24.x",
      ...more,
    },
  },
});

test("a function has the template's environment, and Lambda's own defaults", () => {
  const [fn] = readFunctions(
    stack(aFunction({ Environment: { Variables: { ROLE: { Ref: "Role" } } } })),
  );
  expect(fn).toMatchObject({
    codeFolder: "/assets/abc.zip",
    environment: { ROLE: fn?.roleName },
    memoryMb: 128,
    timeoutSeconds: 3,
  });
});

test.each([
  { property: { Layers: ["x"] }, says: /Layers/ },
  { property: { VpcConfig: {} }, says: /VpcConfig/ },
  { property: { Runtime: "python3.14" }, says: /runtime python3.14/ },
])("a function with $property is refused rather than run differently", ({ property, says }) => {
  expect(() => readFunctions(stack(aFunction(property)))).toThrow(says);
});

const policyWith = (statement: JsonObject) =>
  stack({
    Role: { Type: "AWS::IAM::Role", Properties: {} },
    Other: { Type: "AWS::IAM::Role", Properties: {} },
    Policy: {
      Type: "AWS::IAM::Policy",
      Properties: { PolicyDocument: { Statement: [statement] }, Roles: [{ Ref: "Role" }] },
    },
  });

test("a policy holds for the roles that it names, and no others", () => {
  const policies = readPolicies(
    policyWith({ Effect: "Allow", Action: "dynamodb:GetItem", Resource: "*" }),
  );
  expect([...policies.values()]).toEqual([
    [{ effect: "Allow", actions: ["dynamodb:GetItem"], resources: ["*"] }],
    [],
  ]);
});

test.each([
  { more: { NotAction: "a:b" }, says: /NotAction/ },
  { more: { NotResource: "x" }, says: /NotResource/ },
  { more: { Condition: { StringEquals: {} } }, says: /Condition/ },
  { more: { Principal: "*" }, says: /Principal/ },
  { more: { Effect: "Maybe" }, says: /Maybe/ },
])("a policy statement with $more is refused rather than guessed", ({ more, says }) => {
  const statement = { Effect: "Allow", Action: "a:b", Resource: "*", ...more };
  expect(() => readPolicies(policyWith(statement))).toThrow(says);
});
