import { LocalRunError } from "../failure.ts";
import { type Json, readList, readObject, readText, readTexts } from "../json.ts";
import type { Resource, Stack } from "./stack.ts";

/** A statement of an IAM policy, such as the local run can judge. */
export interface Statement {
  readonly effect: "Allow" | "Deny";
  readonly actions: readonly string[];
  readonly resources: readonly string[];
}

/** What each role may do, by the role's name. */
export function readPolicies(stack: Stack): ReadonlyMap<string, readonly Statement[]> {
  const attached = stack.resources("AWS::IAM::Policy", "AWS::IAM::ManagedPolicy");
  const roles = stack.resources("AWS::IAM::Role");
  return new Map(roles.map((role) => [role.identity.ref, statementsOf(role, attached)]));
}

/**
 * Managed policies of AWS that allow nothing but what the local run does by
 * itself, such as writing logs.
 */
const withoutEffect: readonly string[] = [
  "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole",
];

function statementsOf(role: Resource, policies: readonly Resource[]): readonly Statement[] {
  const { properties, identity, logicalId } = role;
  for (const arn of readTexts(properties.ManagedPolicyArns, `the policies of ${logicalId}`))
    if (!withoutEffect.includes(arn))
      throw new LocalRunError(`The local run does not know the policy ${arn} of ${logicalId}.`);
  if (properties.PermissionsBoundary !== undefined)
    throw new LocalRunError(`The local run does not know the boundary of ${logicalId}.`);

  const own = readList(properties.Policies).map((policy) => readObject(policy, "A policy"));
  const attached = policies
    .filter((policy) => readList(policy.properties.Roles).includes(identity.ref))
    .map((policy) => policy.properties);
  return [...own, ...attached].flatMap(({ PolicyDocument: document }) =>
    readStatements(document ?? null, logicalId),
  );
}

/** @throws LocalRunError for anything that would have to be guessed, such as a condition. */
export function readStatements(document: Json, where: string): readonly Statement[] {
  return readList(readObject(document, `A policy of ${where}`).Statement).map((element) => {
    const {
      Effect: effect,
      Action: action,
      Resource: resource,
      Sid: _,
      ...unknown
    } = readObject(element, `A statement of ${where}`);
    const [surprise] = Object.keys(unknown);
    if (surprise !== undefined)
      throw new LocalRunError(
        `The local run does not know ${surprise} in a policy statement of ${where}.`,
      );
    const kind = readText(effect, "Effect");
    if (kind !== "Allow" && kind !== "Deny")
      throw new LocalRunError(`A policy statement of ${where} has the effect ${kind}.`);
    return {
      effect: kind,
      actions: readTexts(action, `the actions of ${where}`),
      resources: readTexts(resource, `the resources of ${where}`),
    };
  });
}
