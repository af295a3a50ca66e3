import {
  DynamoDBClient,
  GetItemCommand,
  ListTablesCommand,
  PutItemCommand,
  QueryCommand,
  TransactWriteItemsCommand,
} from "@aws-sdk/client-dynamodb";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import {
  CreateSecretCommand,
  GetSecretValueCommand,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { createFunctions, type Functions } from "../../local/functions/functions.ts";
import { accessKeyOf, callersOf, functionsKey, personsKey } from "../../local/gateway/callers.ts";
import { dynamoDbService } from "../../local/gateway/dynamodb-service.ts";
import { faultsControl } from "../../local/gateway/faults-control.ts";
import { noFaults } from "../../local/gateway/faults-spec.ts";
import { createGateway } from "../../local/gateway/server.ts";
import { type Listening, listen } from "../../local/listen.ts";
import { createSecretsManager } from "../../local/secrets-manager/secrets-manager.ts";
import type { Statement } from "../../local/template/policies.ts";
import { tableName } from "../support/table.ts";
import { aFunction } from "./fixture-functions.ts";

const table = `arn:aws:dynamodb:us-east-1:000000000000:table/${tableName}`;
const secret = "arn:aws:secretsmanager:us-east-1:000000000000:secret:test/tenants/*";
const spec = aFunction(
  `export const handler = async (event) => {
    console.log("was asked");
    if (event.fail) throw new Error(event.fail);
    return { got: event };
  };`,
  { name: "gateway-test", roleName: "role" },
);

const allow = (resource: string, ...actions: string[]): Statement => ({
  effect: "Allow",
  actions,
  resources: [resource],
});
const statements = [
  allow(table, "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query"),
  allow(secret, "secretsmanager:GetSecretValue"),
];

const faults = faultsControl(
  noFaults,
  ({ headers }) => accessKeyOf(headers.authorization) !== personsKey,
);

let gateway: Listening;
let functions: Functions;
beforeAll(async () => {
  functions = createFunctions({
    specs: [spec],
    gateway: "http://127.0.0.1:1",
    log: () => undefined,
    complain: () => undefined,
  });
  const parts = {
    callers: callersOf([spec], new Map([["role", statements]])),
    functions,
    dynamoDb: dynamoDbService(Promise.resolve(process.env.TEST_DYNAMODB_ENDPOINT ?? "")),
    secrets: createSecretsManager(),
    faults,
    queues: [],
  };
  gateway = await listen(createGateway(Promise.resolve(parts)), 0);
});
afterAll(async () => {
  await gateway.stop();
  await functions.stop();
});

const connection = (accessKeyId: string) => ({
  endpoint: gateway.url,
  region: "us-east-1",
  credentials: { accessKeyId, secretAccessKey: "x" },
  maxAttempts: 1,
});
const functionDb = () => new DynamoDBClient(connection(functionsKey(spec.name)));
const personDb = () => new DynamoDBClient(connection(personsKey));

const item = (pk: string) => ({ pk: { S: pk }, sk: { S: "#" } });

test("what the role allows goes through to DynamoDB and back", async () => {
  const db = functionDb();
  await db.send(new PutItemCommand({ TableName: tableName, Item: item("gateway-1") }));
  const found = await db.send(new GetItemCommand({ TableName: tableName, Key: item("gateway-1") }));
  expect(found.Item).toEqual(item("gateway-1"));
});

test("DynamoDB's own errors arrive as they are", async () => {
  const put = new PutItemCommand({
    TableName: tableName,
    Item: item("gateway-2"),
    ConditionExpression: "attribute_exists(pk)",
  });
  await expect(functionDb().send(put)).rejects.toMatchObject({
    name: "ConditionalCheckFailedException",
  });
});

test("what the role does not allow is denied as IAM would, and not done", async () => {
  const remove = new TransactWriteItemsCommand({
    TransactItems: [
      { Put: { TableName: tableName, Item: item("gateway-3") } },
      { Delete: { TableName: tableName, Key: item("gateway-1") } },
    ],
  });

  await expect(functionDb().send(remove)).rejects.toMatchObject({
    name: "AccessDeniedException",
    message: `User: arn:aws:sts::000000000000:assumed-role/role/gateway-test is not authorized to perform: dynamodb:DeleteItem on resource: ${table} because no identity-based policy allows the dynamodb:DeleteItem action`,
  });
  const key = item("gateway-3");
  const { Item } = await personDb().send(new GetItemCommand({ TableName: tableName, Key: key }));
  expect(Item).toBeUndefined();
});

test("a right on the table is none on its index", async () => {
  const query = new QueryCommand({
    TableName: tableName,
    IndexName: "gsi1",
    KeyConditionExpression: "gsi1pk = :k",
    ExpressionAttributeValues: { ":k": { S: "x" } },
  });
  await expect(functionDb().send(query)).rejects.toThrow(`table/${tableName}/index/gsi1`);
  expect((await personDb().send(query)).Count).toBe(0);
});

test("the person may do everything, a stranger nothing", async () => {
  const list = new ListTablesCommand({});
  expect((await personDb().send(list)).TableNames).toContain(tableName);
  await expect(functionDb().send(list)).rejects.toMatchObject({ name: "AccessDeniedException" });
  await expect(new DynamoDBClient(connection("SOMEBODYELSE")).send(list)).rejects.toMatchObject({
    name: "UnrecognizedClientException",
  });
});

test("secrets are read by name or ARN with the right for their ARN", async () => {
  const person = new SecretsManagerClient(connection(personsKey));
  const fn = new SecretsManagerClient(connection(functionsKey(spec.name)));
  const [mine, other] = ["test/tenants/a", "test/others/a"];
  const { ARN } = await person.send(new CreateSecretCommand({ Name: mine, SecretString: "s" }));
  await person.send(new CreateSecretCommand({ Name: other, SecretString: "s" }));

  for (const SecretId of [mine, ARN])
    expect((await fn.send(new GetSecretValueCommand({ SecretId }))).SecretString).toBe("s");
  await expect(
    fn.send(new GetSecretValueCommand({ SecretId: "test/tenants/none" })),
  ).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  await expect(fn.send(new GetSecretValueCommand({ SecretId: other }))).rejects.toMatchObject({
    name: "AccessDeniedException",
  });
  await expect(
    fn.send(new CreateSecretCommand({ Name: "test/tenants/b", SecretString: "s" })),
  ).rejects.toMatchObject({ name: "AccessDeniedException" });
});

test("Secrets Manager fails for functions as it is told to while it runs, with errors of its own", async () => {
  const person = new SecretsManagerClient(connection(personsKey));
  const fn = new SecretsManagerClient({
    ...connection(functionsKey(spec.name)),
    requestHandler: { requestTimeout: 200, throwOnRequestTimeout: true },
  });
  const SecretId = "test/tenants/troubled";
  await person.send(new CreateSecretCommand({ Name: SecretId, SecretString: "s" }));
  const read = (by: SecretsManagerClient) => by.send(new GetSecretValueCommand({ SecretId }));
  const put = (body: string) => fetch(`${gateway.url}/_faults`, { method: "PUT", body });

  for (const [state, error] of [
    ["down", { name: "InternalServiceError", $metadata: { httpStatusCode: 500 } }],
    ["throttled", { name: "ThrottlingException", $metadata: { httpStatusCode: 400 } }],
    ["slow", { name: "TimeoutError" }],
  ] as const) {
    expect(await (await put(`secrets=${state}`)).json()).toEqual({ ...noFaults, secrets: state });
    await expect(read(fn)).rejects.toMatchObject(error);
    expect((await read(person)).SecretString).toBe("s");
  }
  const refused = await put("secrets=away");
  expect([refused.status, await refused.text()]).toEqual([
    400,
    expect.stringContaining("secrets must be one of up, down, throttled, slow"),
  ]);
  expect(await (await fetch(`${gateway.url}/_faults`)).json()).toMatchObject({ secrets: "slow" });
  expect((await fetch(`${gateway.url}/_faults`, { method: "POST" })).status).toBe(405);

  expect(await (await put("")).json()).toEqual(noFaults);
  expect((await read(fn)).SecretString).toBe("s");
});

const lambda = (key = personsKey) => new LambdaClient(connection(key));
const text = (payload: Uint8Array | undefined) => Buffer.from(payload ?? []).toString();

test("a function is invoked, with its log if that is asked for", async () => {
  const answer = await lambda().send(
    new InvokeCommand({ FunctionName: spec.name, Payload: '{"a":1}', LogType: "Tail" }),
  );
  expect(answer).toMatchObject({ StatusCode: 200, ExecutedVersion: "$LATEST" });
  expect(answer.FunctionError).toBeUndefined();
  expect(JSON.parse(text(answer.Payload))).toEqual({ got: { a: 1 } });
  expect(Buffer.from(answer.LogResult ?? "", "base64").toString()).toContain("was asked");
});

test("a function that fails is reported as such", async () => {
  const answer = await lambda().send(
    new InvokeCommand({ FunctionName: spec.arn, Payload: '{"fail":"no"}' }),
  );
  expect(answer).toMatchObject({ StatusCode: 200, FunctionError: "Unhandled" });
  expect(JSON.parse(text(answer.Payload))).toMatchObject({
    errorType: "Error",
    errorMessage: "no",
  });
});

test.each([
  ["Event", 202],
  ["DryRun", 204],
] as const)("an invocation of type %s is answered %d without a payload", async (type, status) => {
  const answer = await lambda().send(
    new InvokeCommand({ FunctionName: spec.name, InvocationType: type }),
  );
  expect(answer.StatusCode).toBe(status);
  expect(text(answer.Payload)).toBe("");
});

test.each([
  { input: { FunctionName: "nobody" }, name: "ResourceNotFoundException" },
  { input: { FunctionName: spec.name, Payload: "{" }, name: "InvalidRequestContentException" },
  {
    input: { FunctionName: spec.name, Payload: `"${"x".repeat(6_291_556)}"` },
    name: "RequestTooLargeException",
  },
])("$name is answered where it is due", async ({ input, name }) => {
  await expect(lambda().send(new InvokeCommand(input))).rejects.toMatchObject({ name });
});

test("a function may not invoke another without the right to", async () => {
  const invoke = new InvokeCommand({ FunctionName: spec.name });
  await expect(lambda(functionsKey(spec.name)).send(invoke)).rejects.toMatchObject({
    name: "AccessDeniedException",
  });
});
