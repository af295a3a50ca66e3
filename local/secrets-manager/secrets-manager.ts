import { randomBytes, randomUUID } from "node:crypto";
import type * as z from "zod/mini";
import { unknownOperation } from "./errors.ts";
import { inputs, readInput } from "./inputs.ts";
import { type Context, type Result, secretById } from "./operations.ts";
import {
  createSecret,
  deleteSecret,
  describeSecret,
  listSecrets,
  restoreSecret,
} from "./secret-operations.ts";
import { loadSecrets, type Secrets, saveSecrets } from "./state.ts";
import {
  getSecretValue,
  listSecretVersionIds,
  putSecretValue,
  updateSecretVersionStage,
} from "./value-operations.ts";

export interface SecretsManagerOptions {
  /** Where the secrets are kept; without it they end with the process. */
  readonly dataFile?: string;
  readonly region?: string;
  readonly account?: string;
  readonly clock?: () => number;
}

/** Secrets Manager's own behaviour on one machine. Nothing is encrypted here: it is for made-up secrets. */
export interface SecretsManager {
  /** Carries out an operation such as `GetSecretValue`. @throws SecretsManagerError as the service would answer. */
  call(operation: string, input: unknown): Promise<object>;
  /** The full ARN, with its random end, of the secret that a request names by name or ARN. */
  resolveArn(secretId: string): string | undefined;
}

const dayMs = 24 * 60 * 60 * 1000;

export function createSecretsManager(options: SecretsManagerOptions = {}): SecretsManager {
  const { dataFile, region = "us-east-1", account = "000000000000", clock = Date.now } = options;
  let secrets = dataFile === undefined ? [] : loadSecrets(dataFile);

  return {
    call: async (operation, input) => {
      const carryOut = operations.get(operation);
      if (!carryOut) throw unknownOperation();
      const now = clock();
      const at = { now, region, account, versionsKeptMs: dayMs, newId: randomUUID, suffix };
      const before = secrets.filter(({ goneAt }) => goneAt === undefined || goneAt > now);

      const result = carryOut(before, input, at);
      if (dataFile !== undefined && result.secrets !== before)
        saveSecrets(dataFile, result.secrets);
      secrets = result.secrets;
      return result.output;
    },
    resolveArn: (secretId) => secretById(secrets, secretId)?.arn,
  };
}

type Run = (secrets: Secrets, input: unknown, at: Context) => Result;

/** An operation that sees its input only once it has been checked. */
const operation =
  <S extends z.ZodMiniType>(
    shape: S,
    run: (secrets: Secrets, input: z.infer<S>, at: Context) => Result,
  ): Run =>
  (secrets, input, at) =>
    run(secrets, readInput(shape, input), at);

const operations: ReadonlyMap<string, Run> = new Map([
  ["CreateSecret", operation(inputs.CreateSecret, createSecret)],
  ["GetSecretValue", operation(inputs.GetSecretValue, getSecretValue)],
  ["PutSecretValue", operation(inputs.PutSecretValue, putSecretValue)],
  [
    "UpdateSecretVersionStage",
    operation(inputs.UpdateSecretVersionStage, updateSecretVersionStage),
  ],
  ["DescribeSecret", operation(inputs.DescribeSecret, describeSecret)],
  ["ListSecretVersionIds", operation(inputs.ListSecretVersionIds, listSecretVersionIds)],
  ["DeleteSecret", operation(inputs.DeleteSecret, deleteSecret)],
  ["RestoreSecret", operation(inputs.RestoreSecret, restoreSecret)],
  ["ListSecrets", operation(inputs.ListSecrets, listSecrets)],
]);

const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

const suffix = (): string =>
  Array.from(randomBytes(6), (byte) => letters[byte % letters.length]).join("");
