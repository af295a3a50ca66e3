import { type JsonObject, textOrEmpty } from "../json.ts";
import { account, region } from "../template/pseudo-parameters.ts";
import type { Need } from "./iam.ts";

/**
 * The rights that a call to Secrets Manager needs; `resolveArn` finds the full
 * ARN, with its random suffix, of a secret that exists.
 * @returns undefined for an operation that the local run does not know.
 */
export function secretNeeds(
  operation: string,
  input: JsonObject,
  resolveArn: (secretId: string) => string | undefined,
): readonly Need[] | undefined {
  const action = `secretsmanager:${operation}`;
  if (withoutSecret.has(operation)) return [{ action, resource: "*" }];
  if (operation === "CreateSecret") {
    const resource = arnToBe(textOrEmpty(input.Name));
    const tags = Array.isArray(input.Tags) && input.Tags.length > 0;
    return [
      { action, resource },
      ...(tags ? [{ action: "secretsmanager:TagResource", resource }] : []),
    ];
  }
  if (!onSecret.has(operation)) return undefined;

  const secretId = textOrEmpty(input.SecretId);
  return [{ action, resource: resolveArn(secretId) ?? arnToBe(secretId) }];
}

const withoutSecret: ReadonlySet<string> = new Set(["GetRandomPassword", "ListSecrets"]);

const onSecret: ReadonlySet<string> = new Set([
  "DeleteSecret",
  "DescribeSecret",
  "GetResourcePolicy",
  "GetSecretValue",
  "ListSecretVersionIds",
  "PutSecretValue",
  "RestoreSecret",
  "TagResource",
  "UntagResource",
  "UpdateSecret",
  "UpdateSecretVersionStage",
]);

/** Where there is no secret yet, its suffix is open; policies name it by wildcards too. */
function arnToBe(nameOrArn: string): string {
  if (nameOrArn.startsWith("arn:")) return nameOrArn;
  return `arn:aws:secretsmanager:${region}:${account}:secret:${nameOrArn}-??????`;
}
