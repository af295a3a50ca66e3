import { join } from "node:path";
import { type ApiParts, createApiServer } from "./api-gateway/server.ts";
import { synthesize } from "./assembly.ts";
import { openDataDir } from "./data-dir.ts";
import { demoTenant, demoToken } from "./demo-tenant.ts";
import { startDynamoDbLocal } from "./dynamodb-local.ts";
import { startEvents } from "./events/events.ts";
import { createFunctions } from "./functions/functions.ts";
import { accessKeyOf, callersOf, dummySecretKey, personsKey } from "./gateway/callers.ts";
import { dynamoDbService } from "./gateway/dynamodb-service.ts";
import type { Call, Service } from "./gateway/exchange.ts";
import { troubled } from "./gateway/faults.ts";
import { type FaultsControl, faultsControl } from "./gateway/faults-control.ts";
import { isStoreWell, noFaults } from "./gateway/faults-spec.ts";
import { createGateway, type GatewayParts } from "./gateway/server.ts";
import { listen } from "./listen.ts";
import type { Logs } from "./logs.ts";
import type { Options } from "./options.ts";
import type { Running } from "./ready-file.ts";
import { createSecretsManager } from "./secrets-manager/secrets-manager.ts";
import { createQueue } from "./sqs/queue.ts";
import { makeTables } from "./tables.ts";
import { readApi } from "./template/api.ts";
import { readFunctions } from "./template/functions.ts";
import { readPermissions } from "./template/permissions.ts";
import { readPolicies } from "./template/policies.ts";
import { account, region } from "./template/pseudo-parameters.ts";
import { readQueues } from "./template/queues.ts";
import { readStack, type Stack } from "./template/stack.ts";
import { readTables } from "./template/table.ts";

export interface StartInput {
  readonly root: string;
  readonly options: Options;
  readonly logs: Logs;
  /** Ends what is still starting. */
  readonly signal: AbortSignal;
  readonly announce: (text: string) => void;
  readonly complain: (text: string) => void;
  /** Called with what has to be done at the end, as soon as it has to; the last comes first then. */
  readonly atEnd: (stop: () => Promise<void> | void) => void;
}

export interface Deployment extends Running {
  /** Settles when the engine has ended by itself. */
  readonly broken: Promise<string>;
}

/** Starts everything, as much of it at once as can be, and returns once requests are served. */
export async function startDeployment(input: StartInput): Promise<Deployment> {
  const { options, root, signal, atEnd } = input;
  const data = options.dataDir === undefined ? undefined : await openDataDir(options.dataDir);
  if (data) atEnd(() => data.release());

  const engine = startDynamoDbLocal({ signal, ...(data && { dataDir: data.tableFolder }) });
  atEnd(() => engine.then((started) => started.stop()).catch(() => undefined));
  const secrets = createSecretsManager({
    region,
    account,
    ...(data && { dataFile: data.secretsFile }),
  });

  const api = Promise.withResolvers<ApiParts>();
  const apiServer = await listen(createApiServer(api.promise), options.port);
  atEnd(() => apiServer.stop());
  const gatewayParts = Promise.withResolvers<GatewayParts>();
  const gateway = await listen(createGateway(gatewayParts.promise), 0);
  atEnd(() => gateway.stop());

  let isServing = false;
  // A person's own calls go through untroubled, and so does what is done before there is anything to ask.
  const isTroubled = ({ headers }: Call) =>
    isServing && accessKeyOf(headers.authorization) !== personsKey;
  const faults = faultsControl(options.faults ?? noFaults, isTroubled);
  const prepared = synthesize({ root, context: options.context, signal, announce: input.announce })
    .then(readStack)
    .then((stack) => {
      const parts = prepare(stack, gateway.url, input);
      const dynamoDb = dynamoDbService(engine.then(({ endpoint }) => endpoint));
      gatewayParts.resolve({
        ...parts,
        dynamoDb: withFaults(dynamoDb, faults),
        secrets,
        faults,
      });
      return { ...parts, stack };
    });
  const [{ endpoint, ended }, { stack, ...parts }] = await Promise.all([engine, prepared]);
  const { api: spec, functions, adminFunction } = parts;
  await makeTables(endpoint, readTables(stack));
  api.resolve({ api: spec, functions, mayInvoke: readPermissions(stack) });

  const events = new AbortController();
  atEnd(() => events.abort());
  const [token] = await Promise.all([
    demoToken({ endpoint: gateway.url, adminFunction }, data),
    startEvents(stack, { ...parts, endpoint, complain: input.complain, signal: events.signal }),
  ]);
  isServing = true;
  return {
    tenantUrl: localUrl(stack.output("TenantUrl"), apiServer.url),
    tenantId: demoTenant,
    token,
    pid: process.pid,
    env: {
      ...environment(gateway.url, adminFunction),
      ROLLCALL_DEAD_LETTER_QUEUE: localUrl(stack.output("DeadLetterQueueUrl"), gateway.url),
    },
    broken: ended,
  };
}

/** DynamoDB with the faults of the moment. */
function withFaults(dynamoDb: Service, { current, isTroubled }: FaultsControl): Service {
  const make = () => {
    const faults = current();
    const service = isStoreWell(faults)
      ? dynamoDb
      : troubled(dynamoDb, { faults, isTroubled, now: Date.now });
    return { faults, service };
  };
  let made = make();
  return (call) => {
    if (made.faults !== current()) made = make();
    return made.service(call);
  };
}

/** What can be made of the template alone. */
function prepare(stack: Stack, gateway: string, { logs, complain, atEnd }: StartInput) {
  const specs = readFunctions(stack);
  const functions = createFunctions({ specs, gateway, log: (text) => logs.write(text), complain });
  atEnd(() => functions.stop());

  const adminFunction = stack.output("AdminFunctionName");
  const admin = functions.find(adminFunction);
  // It is needed as soon as the engine answers, and loads while the engine does.
  if (admin) functions.warm(admin);
  return {
    api: readApi(stack),
    callers: callersOf(specs, readPolicies(stack)),
    functions,
    queues: readQueues(stack).map((queue) => createQueue(queue)),
    adminFunction,
  };
}

const environment = (gateway: string, adminFunction: string) => ({
  AWS_ENDPOINT_URL_LAMBDA: gateway,
  AWS_ENDPOINT_URL_DYNAMODB: gateway,
  AWS_ENDPOINT_URL_SECRETS_MANAGER: gateway,
  AWS_ENDPOINT_URL_SQS: gateway,
  AWS_REGION: region,
  AWS_DEFAULT_REGION: region,
  AWS_ACCESS_KEY_ID: personsKey,
  AWS_SECRET_ACCESS_KEY: dummySecretKey,
  ROLLCALL_ADMIN_FUNCTION: adminFunction,
});

/** The same path on this machine. */
function localUrl(url: string, origin: string): string {
  const { pathname } = new URL(url);
  return origin + pathname;
}

/** Where runs find each other, and a person finds what was written. */
export const localFolder = (root: string): string => join(root, ".local");
