import {
  CloudFormationClient,
  type CloudFormationClientConfig,
  DescribeStacksCommand,
} from "@aws-sdk/client-cloudformation";
import { tellAwsError } from "./aws-errors.ts";
import { CommandError, exitCodes } from "./command-error.ts";
import type { Deployment } from "./deployment.ts";

/** The deployment of a stack, by what the stack puts out. @throws CommandError where there is none. */
export async function findStack(
  stack: string,
  config: CloudFormationClientConfig,
): Promise<Deployment> {
  const cloudFormation = new CloudFormationClient(config);
  const region = await cloudFormation.config.region().catch(tellAwsError);
  const { Stacks: stacks = [] } = await cloudFormation
    .send(new DescribeStacksCommand({ StackName: stack }))
    .catch((error: unknown) => (isMissing(error) ? { Stacks: [] } : tellAwsError(error)));
  cloudFormation.destroy();

  const [found] = stacks;
  if (!found) throw noDeployment(missing(stack, region));
  const output = (key: string) =>
    found.Outputs?.find(({ OutputKey }) => OutputKey === key)?.OutputValue;
  const functionName = output("AdminFunctionName");
  if (functionName === undefined)
    throw noDeployment(
      `The stack "${stack}" in ${region} (${found.StackStatus}) has no output AdminFunctionName: it is not one of Rollcall's, or was not deployed to its end. \`npx cdk deploy\` does that; --stack names another.`,
    );

  // arn:aws:cloudformation:<region>:<account>:stack/<name>/<id>
  const account = found.StackId?.split(":")[4] ?? "unknown";
  return {
    name: `stack ${stack} in account ${account}, ${region}`,
    functionName,
    region,
    tenantUrl: output("TenantUrl"),
    foundBy: `the outputs of stack ${stack}`,
  };
}

const isMissing = (error: unknown) =>
  error instanceof Error &&
  error.name === "ValidationError" &&
  error.message.includes("does not exist");

const missing = (stack: string, region: string) =>
  `There is no stack "${stack}" in ${region} in the account of these credentials. --stack, --region and --profile name another; \`npx cdk deploy\` makes one, \`npm start\` a local one.`;

const noDeployment = (message: string) =>
  new CommandError(exitCodes.noAccess, "noDeployment", message);
