import { expect, test } from "@jest/globals";
import type { JsonObject } from "../../local/json.ts";
import { readEventSources } from "../../local/template/event-sources.ts";
import { readFunctions } from "../../local/template/functions.ts";
import { readPermissions } from "../../local/template/permissions.ts";
import { readPolicies } from "../../local/template/policies.ts";
import { readQueues } from "../../local/template/queues.ts";
import { readRules } from "../../local/template/rules.ts";
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

/** A stream that is led to a function, and a queue for what it cannot handle. */
const mapped = (more: JsonObject = {}, queue: JsonObject = {}) =>
  stack({
    ...aFunction(),
    Table: { Type: "AWS::DynamoDB::GlobalTable", Properties: {} },
    Queue: { Type: "AWS::SQS::Queue", Properties: queue },
    Mapping: {
      Type: "AWS::Lambda::EventSourceMapping",
      Properties: {
        EventSourceArn: { "Fn::GetAtt": ["Table", "StreamArn"] },
        FunctionName: { Ref: "Fn" },
        StartingPosition: "TRIM_HORIZON",
        ...more,
      },
    },
  });

test("a mapping has Lambda's own defaults, which try for ever", () => {
  const made = mapped();
  const [table] = readTables(made);
  const [fn] = readFunctions(made);
  expect(readEventSources(made)).toEqual([
    {
      functionName: fn?.name,
      streamArn: expect.stringContaining(`table/${table?.name}/stream/`),
      tableName: table?.name,
      isOfInterest: expect.any(Function),
      batchSize: 100,
      windowSeconds: 0,
      bisects: false,
      reportsItems: false,
      mostRetries: Number.POSITIVE_INFINITY,
      maxAgeSeconds: Number.POSITIVE_INFINITY,
      deadLetterArn: undefined,
    },
  ]);
});

test("a mapping is read as the template has it", () => {
  const made = mapped({
    BatchSize: 7,
    BisectBatchOnFunctionError: true,
    DestinationConfig: { OnFailure: { Destination: { "Fn::GetAtt": ["Queue", "Arn"] } } },
    FilterCriteria: { Filters: [{ Pattern: '{"eventName":["INSERT"]}' }] },
    FunctionResponseTypes: ["ReportBatchItemFailures"],
    MaximumBatchingWindowInSeconds: 2,
    MaximumRecordAgeInSeconds: -1,
    MaximumRetryAttempts: 0,
  });
  const [source] = readEventSources(made);
  expect(source).toMatchObject({
    batchSize: 7,
    windowSeconds: 2,
    bisects: true,
    reportsItems: true,
    mostRetries: 0,
    maxAgeSeconds: Number.POSITIVE_INFINITY,
    deadLetterArn: readQueues(made)[0]?.arn,
  });
  expect(source?.isOfInterest({ eventName: "REMOVE" })).toBe(false);
  expect(readEventSources(mapped({ Enabled: false }))).toEqual([]);
});

test.each([
  { more: { TumblingWindowInSeconds: 5 }, says: /TumblingWindowInSeconds/ },
  {
    more: { EventSourceArn: "arn:aws:kinesis:us-east-1:0:stream/s" },
    says: /only tables' streams/,
  },
  { more: { DestinationConfig: { OnFailure: { Destination: "arn:aws:sns:x" } } }, says: /sns/ },
  {
    more: { FilterCriteria: { Filters: [{ Pattern: '{"a":[{"suffix":"b"}]}' }] } },
    says: /suffix/,
  },
])("a mapping with $more is refused rather than followed differently", ({ more, says }) => {
  expect(() => readEventSources(mapped(more))).toThrow(says);
});

test("a queue has SQS's own defaults; what would change how it hands out is refused", () => {
  expect(readQueues(mapped())).toEqual([
    {
      name: expect.stringMatching(/^Test-Queue-/),
      arn: expect.stringMatching(/^arn:aws:sqs:us-east-1:000000000000:Test-Queue-/),
      retentionSeconds: 345_600,
      visibilitySeconds: 30,
    },
  ]);
  expect(() => readQueues(mapped({}, { FifoQueue: true }))).toThrow("FifoQueue");
});

const ruled = (more: JsonObject = {}, target: JsonObject = {}) =>
  stack({
    ...aFunction(),
    Rule: {
      Type: "AWS::Events::Rule",
      Properties: {
        ScheduleExpression: "rate(1 minute)",
        Targets: [{ Arn: { "Fn::GetAtt": ["Fn", "Arn"] }, Id: "T", ...target }],
        ...more,
      },
    },
    Permission: {
      Type: "AWS::Lambda::Permission",
      Properties: {
        FunctionName: { "Fn::GetAtt": ["Fn", "Arn"] },
        Principal: "events.amazonaws.com",
        SourceArn: { "Fn::GetAtt": ["Rule", "Arn"] },
      },
    },
  });

test.each([
  ["rate(1 minute)", 60],
  ["rate(5 minutes)", 300],
  ["rate(2 hours)", 7200],
  ["rate(1 day)", 86_400],
])("a rule of %s runs every %d s", (expression, everySeconds) => {
  expect(readRules(ruled({ ScheduleExpression: expression }))).toMatchObject([{ everySeconds }]);
});

test("a rule invokes what it has a permission for, on behalf of events alone", () => {
  const made = ruled({}, { Input: "{}", RetryPolicy: { MaximumRetryAttempts: 0 } });
  const [fn] = readFunctions(made);
  const [rule] = readRules(made);
  expect(rule?.targets).toEqual([{ functionArn: fn?.arn, input: "{}" }]);
  const asked = [fn?.arn ?? "", rule?.arn ?? ""] as const;
  expect(readPermissions(made, "events")(...asked)).toBe(true);
  expect(readPermissions(made)(...asked)).toBe(false);
  expect(readPermissions(made, "events")(asked[0], `${asked[1]}-other`)).toBe(false);
  expect(readRules(ruled({ State: "DISABLED" }))).toEqual([]);
});

test.each([
  { more: { ScheduleExpression: "cron(0 12 * * ? *)" }, target: {}, says: /cron/ },
  { more: { ScheduleExpression: "rate(1 fortnight)" }, target: {}, says: /fortnight/ },
  { more: { EventPattern: { source: ["x"] } }, target: {}, says: /event pattern/ },
  { more: {}, target: { InputPath: "$.detail" }, says: /InputPath/ },
])(
  "a rule with $more $target is refused rather than kept differently",
  ({ more, target, says }) => {
    expect(() => readRules(ruled(more, target))).toThrow(says);
  },
);
