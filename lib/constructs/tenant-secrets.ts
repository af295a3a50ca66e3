import { ArnFormat, Stack } from "aws-cdk-lib";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import { Construct } from "constructs";

/** What functions do to a tenant's secret. */
export type SecretAction =
  | "CreateSecret"
  | "DeleteSecret"
  | "GetSecretValue"
  | "ListSecretVersionIds"
  | "PutSecretValue"
  | "UpdateSecretVersionStage";

/** The tenants' secrets, one each, made at run time by the admin function: this holds only their common prefix. */
export class TenantSecrets extends Construct {
  readonly #prefix: string;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.#prefix = `${Stack.of(this).stackName}/tenants/`;
  }

  /** Gives `fn` the secrets' prefix together with these actions on them, and no others. */
  grant(fn: LambdaFunction, ...actions: SecretAction[]): void {
    fn.addEnvironment("SECRET_PREFIX", this.#prefix);
    fn.addToRolePolicy(
      new PolicyStatement({
        actions: actions.map((action) => `secretsmanager:${action}`),
        resources: [
          Stack.of(this).formatArn({
            service: "secretsmanager",
            resource: "secret",
            resourceName: `${this.#prefix}*`,
            arnFormat: ArnFormat.COLON_RESOURCE_NAME,
          }),
        ],
      }),
    );
  }
}
