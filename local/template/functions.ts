import { LocalRunError } from "../failure.ts";
import { isObject, type JsonObject, readList, readObject, readText } from "../json.ts";
import type { Resource, Stack } from "./stack.ts";

/** A function as the template describes it. */
export interface FunctionSpec {
  readonly name: string;
  readonly arn: string;
  readonly roleName: string;
  readonly codeFolder: string;
  /** File and export, such as `index.handler`. */
  readonly handler: string;
  readonly memoryMb: number;
  readonly timeoutSeconds: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly logGroup: string;
}

/** Properties that say nothing about how the code runs here. */
const ignored: readonly string[] = [
  "Architectures",
  "Description",
  "LoggingConfig",
  "RecursiveLoop",
  "ReservedConcurrentExecutions",
  "RuntimeManagementConfig",
  "Tags",
  "TracingConfig",
];
const used: readonly string[] = [
  "Code",
  "Environment",
  "FunctionName",
  "Handler",
  "MemorySize",
  "Role",
  "Runtime",
  "Timeout",
];

/** The stack's functions. @throws LocalRunError for one that the local run cannot run as Lambda would. */
export function readFunctions(stack: Stack): readonly FunctionSpec[] {
  return stack.resources("AWS::Lambda::Function").map((resource) => readFunction(stack, resource));
}

function readFunction(stack: Stack, { logicalId, properties, identity }: Resource): FunctionSpec {
  const unknown = Object.keys(properties).filter(
    (name) => !used.includes(name) && !ignored.includes(name),
  );
  if (unknown.length > 0)
    throw new LocalRunError(
      `The local run does not know ${unknown.join(", ")} of the function ${logicalId}.`,
    );
  const runtime = readText(properties.Runtime, `The runtime of ${logicalId}`);
  if (!runtime.startsWith("nodejs"))
    throw new LocalRunError(`The local run does not know the runtime ${runtime} of ${logicalId}.`);

  const code = readObject(properties.Code, `The code of ${logicalId}`);
  return {
    name: identity.ref,
    arn: identity.attributes.Arn ?? "",
    roleName: readText(properties.Role, `The role of ${logicalId}`).split("/").at(-1) ?? "",
    codeFolder: stack.assetFolder(readText(code.S3Key, `The code of ${logicalId}`)),
    handler: readText(properties.Handler, `The handler of ${logicalId}`),
    memoryMb: Number(properties.MemorySize ?? 128),
    timeoutSeconds: Number(properties.Timeout ?? 3),
    environment: environmentOf(properties, logicalId),
    logGroup: logGroupOf(properties) ?? `/aws/lambda/${identity.ref}`,
  };
}

function environmentOf(properties: JsonObject, logicalId: string): Record<string, string> {
  const { Environment: environment } = properties;
  const variables = isObject(environment) && isObject(environment.Variables);
  if (!variables) return {};
  return Object.fromEntries(
    Object.entries(readObject(environment.Variables, "Variables")).map(([name, value]) => [
      name,
      readText(value, `The variable ${name} of ${logicalId}`),
    ]),
  );
}

function logGroupOf({ LoggingConfig: config }: JsonObject): string | undefined {
  const [logGroup] = isObject(config) ? readList(config.LogGroup) : [];
  return typeof logGroup === "string" ? logGroup : undefined;
}
