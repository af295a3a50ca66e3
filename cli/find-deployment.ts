import { LambdaClient, type LambdaClientConfig } from "@aws-sdk/client-lambda";
import { tellAwsError } from "./aws-errors.ts";
import { CommandError, exitCodes } from "./command-error.ts";
import type { Deployment } from "./deployment.ts";
import { type LocalRun, readLocalRun } from "./local-run.ts";
import { findStack } from "./stack.ts";

/** How an operator says which deployment is meant. */
export interface DeploymentOptions {
  readonly stack?: string;
  readonly region?: string;
  readonly profile?: string;
  readonly function?: string;
  readonly local?: true;
}

export interface World {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Told of a deployment that was not asked for by name, so that nobody acts on it unnoticed. */
  readonly note: (text: string) => void;
}

export interface Found {
  readonly deployment: Deployment;
  readonly lambda: LambdaClient;
}

const defaultStack = "Rollcall";

/**
 * Longer than the admin function may take: its own end is told by Lambda, and a command that is sent
 * again while the first still runs would be carried out twice.
 */
const patience = { connectionTimeout: 5000, requestTimeout: 75_000, throwOnRequestTimeout: true };

/**
 * The deployment to act on: the one that the options name, else that of the environment, else the
 * local run, else the stack. @throws CommandError that says what to do where there is none.
 */
export async function findDeployment(options: DeploymentOptions, world: World): Promise<Found> {
  const { env, note } = world;
  if (options.local) return localRun(readLocalRun(env) ?? noLocalRun());
  if (options.function !== undefined)
    return namedFunction(options.function, options, env, "--function");
  const isNamed = [options.stack, options.region, options.profile].some((one) => one !== undefined);
  if (isNamed) return stack(options, env);

  const fromEnvironment = env["ROLLCALL_ADMIN_FUNCTION"];
  if (fromEnvironment) {
    const found = await namedFunction(fromEnvironment, options, env, "ROLLCALL_ADMIN_FUNCTION");
    note(`acting on ${found.deployment.name}, which ROLLCALL_ADMIN_FUNCTION names.`);
    return found;
  }
  const running = readLocalRun(env);
  if (!running) return stack(options, env);
  note(
    `acting on the local run at ${running.tenantUrl}; --stack ${defaultStack} is the one on AWS.`,
  );
  return localRun(running);
}

async function stack(options: DeploymentOptions, env: World["env"]): Promise<Found> {
  const config = configOf(options);
  const found = await findStack(options.stack ?? defaultStack, config);
  // The environment of a local run may be left in a shell: the SDK would send everything there.
  const elsewhere = endpointIn(env);
  const name = elsewhere === undefined ? found.name : `${found.name}, by way of ${elsewhere}`;
  return {
    deployment: { ...found, name },
    lambda: new LambdaClient({ ...config, region: found.region }),
  };
}

const endpointIn = (env: World["env"]) => env["AWS_ENDPOINT_URL_LAMBDA"] ?? env["AWS_ENDPOINT_URL"];

async function namedFunction(
  functionName: string,
  options: DeploymentOptions,
  env: World["env"],
  foundBy: string,
): Promise<Found> {
  const [, arnRegion] = /^arn:[^:]+:lambda:([^:]+):/.exec(functionName) ?? [];
  const config = configOf({ ...(arnRegion !== undefined && { region: arnRegion }), ...options });
  const lambda = new LambdaClient(config);
  const region = await lambda.config.region().catch(tellAwsError);
  const place = endpointIn(env) ?? region;
  const name = `function ${functionName} at ${place}`;
  return {
    deployment: { name, functionName, region, tenantUrl: undefined, foundBy },
    lambda,
  };
}

function localRun({ tenantUrl, functionName, endpoint, region, credentials }: LocalRun): Found {
  const name = `local run at ${tenantUrl}`;
  return {
    deployment: { name, functionName, region, tenantUrl, foundBy: "the ready file of npm start" },
    lambda: new LambdaClient({ endpoint, region, credentials, requestHandler: patience }),
  };
}

const configOf = ({ region, profile }: DeploymentOptions) =>
  ({
    ...(region !== undefined && { region }),
    ...(profile !== undefined && { profile }),
    requestHandler: patience,
  }) satisfies LambdaClientConfig;

function noLocalRun(): never {
  throw new CommandError(
    exitCodes.noAccess,
    "noDeployment",
    "No local run of this checkout is up: start it with `npm start`.",
  );
}
