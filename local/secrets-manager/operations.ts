import { invalidParameter, invalidRequest, resourceNotFound } from "./errors.ts";
import type { Secret, Secrets } from "./state.ts";
import type { NewVersion } from "./versions.ts";

/** Where and when an operation is carried out. */
export interface Context {
  readonly now: number;
  readonly region: string;
  readonly account: string;
  /** How long a version without a label is kept whatever their number. */
  readonly versionsKeptMs: number;
  newId(): string;
  /** The random characters that end a secret's ARN. */
  suffix(): string;
}

/** What an operation leaves behind, and what it answers. */
export interface Result {
  readonly secrets: Secrets;
  readonly output: object;
}

/** By name, by ARN, or by an ARN without its random end. */
export function secretById(secrets: Secrets, secretId: string): Secret | undefined {
  return secrets.find(
    ({ name, arn }) => name === secretId || arn === secretId || arn.slice(0, -7) === secretId,
  );
}

export function findSecret(secrets: Secrets, secretId: string): Secret {
  const secret = secretById(secrets, secretId);
  if (!secret) throw resourceNotFound();
  return secret;
}

/** The secret, unless it waits to be deleted. */
export function livingSecret(secrets: Secrets, input: { readonly SecretId: string }): Secret {
  const secret = findSecret(secrets, input.SecretId);
  if (secret.deletedAt === undefined) return secret;
  throw invalidRequest(
    "You can't perform this operation on the secret because it was marked for deletion.",
  );
}

export const withSecret = (secrets: Secrets, secret: Secret): Secrets =>
  secrets.some(({ arn }) => arn === secret.arn)
    ? secrets.map((other) => (other.arn === secret.arn ? secret : other))
    : [...secrets, secret];

interface ValueInput {
  readonly ClientRequestToken?: string | undefined;
  readonly SecretString?: string | undefined;
  readonly SecretBinary?: string | undefined;
}

/** The version that a request asks for, if it brings a value. */
export function newVersionOf(
  input: ValueInput,
  stages: readonly string[],
  at: Context,
): NewVersion | undefined {
  const { SecretString: secretString, SecretBinary: secretBinary } = input;
  if (secretString !== undefined && secretBinary !== undefined)
    throw invalidParameter(
      "You can't specify both a binary secret value and a string secret value.",
    );
  if (secretString === undefined && secretBinary === undefined) return undefined;

  const bytes = Buffer.byteLength(secretString ?? secretBinary ?? "");
  if (bytes > 65_536) throw invalidParameter("The secret value is longer than 65536 bytes.");
  return { id: input.ClientRequestToken ?? at.newId(), secretString, secretBinary, stages };
}

interface PageInput {
  readonly MaxResults?: number | undefined;
  readonly NextToken?: string | undefined;
}

export function paged<T>(all: readonly T[], { MaxResults = 100, NextToken }: PageInput) {
  const start = NextToken === undefined ? 0 : Number(NextToken);
  if (!Number.isSafeInteger(start) || start < 0) throw invalidParameter("Invalid NextToken.");
  const end = start + MaxResults;
  return { items: all.slice(start, end), NextToken: end < all.length ? `${end}` : undefined };
}

/** Times go over the wire as seconds. */
export const seconds = (ms: number): number => ms / 1000;
