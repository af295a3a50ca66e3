import { matchesWildcard } from "../gateway/iam.ts";
import { readText } from "../json.ts";
import type { Stack } from "./stack.ts";

/** Whether the function's own policy lets API Gateway invoke it for the method with this ARN. */
export type InvokePermission = (functionArn: string, methodArn: string) => boolean;

/** Reads who may invoke which function. Without such a permission a deployed API answers 500. */
export function readPermissions(stack: Stack): InvokePermission {
  const permissions = stack
    .resources("AWS::Lambda::Permission")
    .filter(({ properties }) => properties.Principal === "apigateway.amazonaws.com")
    .map(({ properties, logicalId }) => ({
      fn: readText(properties.FunctionName, `The function of ${logicalId}`),
      source:
        properties.SourceArn === undefined ? "*" : readText(properties.SourceArn, "SourceArn"),
    }));
  return (functionArn, methodArn) =>
    permissions.some(
      ({ fn, source }) =>
        (fn === functionArn || functionArn.endsWith(`:function:${fn}`)) &&
        matchesWildcard(source, methodArn),
    );
}
