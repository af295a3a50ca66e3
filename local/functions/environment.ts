import { dummySecretKey, functionsKey } from "../gateway/callers.ts";
import type { FunctionSpec } from "../template/functions.ts";
import { region } from "../template/pseudo-parameters.ts";

/** A file that is empty everywhere. */
const nothing = "/dev/null";

/**
 * The environment of a function: the template's variables, those of Lambda's
 * runtime, and the one gateway as the end of every call to AWS.
 */
export function functionEnvironment(
  spec: FunctionSpec,
  gateway: string,
): Readonly<Record<string, string>> {
  return {
    ...spec.environment,
    AWS_ACCESS_KEY_ID: functionsKey(spec.name),
    AWS_SECRET_ACCESS_KEY: dummySecretKey,
    AWS_SESSION_TOKEN: "local",
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_EXECUTION_ENV: "AWS_Lambda_nodejs24.x",
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(spec.memoryMb),
    AWS_LAMBDA_FUNCTION_NAME: spec.name,
    AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
    AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
    AWS_LAMBDA_LOG_GROUP_NAME: spec.logGroup,
    AWS_LAMBDA_LOG_STREAM_NAME: "local",
    LAMBDA_TASK_ROOT: spec.codeFolder,
    LANG: "en_US.UTF-8",
    PATH: "/usr/local/bin:/usr/bin:/bin",
    TZ: ":UTC",
    _HANDLER: spec.handler,
    AWS_ENDPOINT_URL: gateway,
    AWS_ENDPOINT_URL_DYNAMODB: gateway,
    AWS_ENDPOINT_URL_LAMBDA: gateway,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: gateway,
    // A function on Lambda finds no profile of a person; here it would.
    AWS_CONFIG_FILE: nothing,
    AWS_SHARED_CREDENTIALS_FILE: nothing,
  };
}
