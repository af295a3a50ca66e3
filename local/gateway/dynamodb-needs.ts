import { isObject, type Json, type JsonObject, readList, textOrEmpty } from "../json.ts";
import { account, region } from "../template/pseudo-parameters.ts";
import type { Need } from "./iam.ts";

/**
 * The rights that a call to DynamoDB needs. A transaction needs those of its items' actions.
 * @returns undefined for an operation that the local run does not know.
 */
export function dynamoDbNeeds(operation: string, input: JsonObject): readonly Need[] | undefined {
  if (onOneTable.has(operation)) return [onTable(operation, input)];
  switch (operation) {
    case "Query":
    case "Scan":
      return [onIndex(operation, input)];
    case "BatchGetItem":
    case "BatchWriteItem":
      return Object.keys(isObject(input.RequestItems) ? input.RequestItems : {}).map((table) =>
        onTable(operation, { TableName: table }),
      );
    case "TransactGetItems":
    case "TransactWriteItems":
      return transactionNeeds(input);
    case "ListTables":
    case "DescribeLimits":
    case "DescribeEndpoints":
      return [{ action: `dynamodb:${operation}`, resource: "*" }];
    default:
      return undefined;
  }
}

const onOneTable: ReadonlySet<string> = new Set([
  "CreateTable",
  "DeleteItem",
  "DeleteTable",
  "DescribeTable",
  "DescribeTimeToLive",
  "GetItem",
  "PutItem",
  "UpdateItem",
  "UpdateTable",
  "UpdateTimeToLive",
]);

const transactionActions: Readonly<Record<string, string>> = {
  ConditionCheck: "ConditionCheckItem",
  Delete: "DeleteItem",
  Get: "GetItem",
  Put: "PutItem",
  Update: "UpdateItem",
};

function transactionNeeds(input: JsonObject): readonly Need[] {
  const needs = readList(input.TransactItems).flatMap((item) =>
    Object.entries(isObject(item) ? item : {}).flatMap(([kind, request]) => {
      const action = transactionActions[kind];
      return action && isObject(request) ? [onTable(action, request)] : [];
    }),
  );
  return [...new Map(needs.map((need) => [`${need.action} ${need.resource}`, need])).values()];
}

const onTable = (operation: string, { TableName: table }: JsonObject): Need => ({
  action: `dynamodb:${operation}`,
  resource: tableArn(table),
});

function onIndex(operation: string, input: JsonObject): Need {
  const need = onTable(operation, input);
  if (typeof input.IndexName !== "string") return need;
  return { ...need, resource: `${need.resource}/index/${input.IndexName}` };
}

/** A table may be named by its ARN as well. */
function tableArn(table: Json | undefined): string {
  const name = textOrEmpty(table);
  return name.startsWith("arn:") ? name : `arn:aws:dynamodb:${region}:${account}:table/${name}`;
}
