import { matchesWildcard } from "../gateway/iam.ts";
import { readText } from "../json.ts";
import type { Stack } from "./stack.ts";

/** Whether the function's own policy lets a service invoke it on behalf of what has this ARN: a method, a rule. */
export type InvokePermission = (functionArn: string, sourceArn: string) => boolean;

/** Reads which functions a service may invoke. Without such a permission a deployed API answers 500. */
export function readPermissions(
  stack: Stack,
  service: "apigateway" | "events" = "apigateway",
): InvokePermission {
  const permissions = stack
    .resources("AWS::Lambda::Permission")
    .filter(({ properties }) => properties.Principal === `${service}.amazonaws.com`)
    .map(({ properties, logicalId }) => ({
      fn: readText(properties.FunctionName, `The function of ${logicalId}`),
      source:
        properties.SourceArn === undefined ? "*" : readText(properties.SourceArn, "SourceArn"),
    }));
  return (functionArn, sourceArn) =>
    permissions.some(
      ({ fn, source }) =>
        (fn === functionArn || functionArn.endsWith(`:function:${fn}`)) &&
        matchesWildcard(source, sourceArn),
    );
}
