import { createHash } from "node:crypto";

/** Where the local deployment claims to be. An account of zeros is nobody's. */
export const region = "us-east-1";
export const account = "000000000000";

/** CloudFormation's pseudo parameters for a stack of this name. */
export const pseudoParameters = (stackName: string): Readonly<Record<string, string>> => ({
  "AWS::AccountId": account,
  "AWS::Partition": "aws",
  "AWS::Region": region,
  "AWS::StackId": `arn:aws:cloudformation:${region}:${account}:stack/${stackName}/local`,
  "AWS::StackName": stackName,
  "AWS::URLSuffix": "amazonaws.com",
});

/** Lower-case letters and digits that stay the same for the same text, as ids look on AWS. */
export function stableId(text: string, length: number): string {
  const digest = createHash("sha256").update(text).digest("hex");
  return BigInt(`0x${digest}`).toString(36).slice(0, length);
}
