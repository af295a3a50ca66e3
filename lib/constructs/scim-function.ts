import { basename, join } from "node:path";
import { type Duration, RemovalPolicy } from "aws-cdk-lib";
import { Effect, PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Architecture, LoggingFormat, Runtime } from "aws-cdk-lib/aws-lambda";
import {
  type ICommandHooks,
  NodejsFunction,
  OutputFormat,
  SourceMapMode,
} from "aws-cdk-lib/aws-lambda-nodejs";
import { LogGroup } from "aws-cdk-lib/aws-logs";
import type { Construct } from "constructs";

export interface ScimFunctionProps {
  /** The folder of `lambdas/` whose handler this is. */
  readonly room: string;
  readonly description: string;
  readonly timeout: Duration;
  readonly logRetentionDays: number;
  readonly environment?: Readonly<Record<string, string>>;
  /** A file that lies beside the bundle, under its own name. */
  readonly file?: string;
}

const repository = join(import.meta.dirname, "../..");

/** The defaults of every function: runtime, bundling, logs, and a role that may do nothing but write them. */
export class ScimFunction extends NodejsFunction {
  constructor(scope: Construct, id: string, props: ScimFunctionProps) {
    const logGroup = new LogGroup(scope, `${id}Logs`, {
      retention: props.logRetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const role = new Role(scope, `${id}Role`, {
      assumedBy: new ServicePrincipal("lambda.amazonaws.com"),
    });
    role.addToPolicy(
      new PolicyStatement({
        effect: Effect.ALLOW,
        actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
        resources: [logGroup.logGroupArn],
      }),
    );

    super(scope, id, {
      description: props.description,
      entry: join(repository, "lambdas", props.room, "handler.ts"),
      depsLockFilePath: join(repository, "package-lock.json"),
      projectRoot: repository,
      handler: "handler",
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: 1024,
      timeout: props.timeout,
      role,
      logGroup,
      loggingFormat: LoggingFormat.JSON,
      environment: { ...props.environment, POWERTOOLS_SERVICE_NAME: props.room },
      awsSdkConnectionReuse: false,
      bundling: {
        format: OutputFormat.ESM,
        target: "node24",
        // The SDK that is tested is the one that runs; main first costs 210 KB.
        bundleAwsSDK: true,
        mainFields: ["module", "main"],
        minify: true,
        sourceMap: true,
        sourceMapMode: SourceMapMode.EXTERNAL,
        // Parts of the SDK still call require.
        banner:
          "import{createRequire}from'node:module';const require=createRequire(import.meta.url);",
        ...(props.file !== undefined && { commandHooks: copying(props.file) }),
      },
    });
  }
}

/** The hash of the asset is that of all that is bundled, this file included. */
function copying(file: string): ICommandHooks {
  const copy = (folder: string) => {
    const to = join(folder, basename(file));
    return process.platform === "win32"
      ? `copy /y "${file}" "${to}"`
      : `cp ${inQuotes(file)} ${inQuotes(to)}`;
  };
  return {
    beforeBundling: () => [],
    beforeInstall: () => [],
    afterBundling: (_, folder) => [copy(folder)],
  };
}

const inQuotes = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;
