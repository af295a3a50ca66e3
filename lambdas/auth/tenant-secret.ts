import * as z from "zod/mini";
import { isSameHash, type Token } from "./token.ts";

/** What a tenant's secret holds: hashes only, so that who reads it cannot act as the client. */
export interface TenantSecret {
  readonly tokens: readonly TokenRecord[];
}

/** What is kept of a token. Times are ISO 8601, in UTC. */
export interface TokenRecord {
  readonly id: string;
  readonly name: string;
  readonly sha256: string;
  /** As they were written: a scope that this release does not know allows nothing. */
  readonly scopes: readonly string[];
  readonly createdAt: string;
  readonly expiresAt?: string;
  readonly revokedAt?: string;
  /** The id of the token in whose place it was issued. */
  readonly replaces?: string;
  /** When it was to end before a rotation had it end sooner; without a time never. */
  readonly cutShort?: { readonly expiresAt?: string };
}

export type TokenState = "active" | "expired" | "revoked";

/** Where tenants' secrets are read. */
export interface TenantSecretReader {
  /** The secret as it is now, or undefined where the tenant has none. */
  read(tenant: string): Promise<TenantSecret | undefined>;
}

/** Where tenants' secrets are changed. */
export interface TenantSecretStore extends TenantSecretReader {
  /** Makes the secret without tokens, unless there is one, and gives what is there. @throws TenantSecretError */
  create(tenant: string): Promise<{ readonly secret: TenantSecret; readonly isNew: boolean }>;
  /**
   * Replaces the secret by what `change` makes of it, so that of racing changes none is lost.
   * `change` may be asked several times, also after its result was written: it returns the very
   * object that it was given where that holds its result already.
   * @throws TenantSecretError, and whatever `change` throws.
   */
  change(tenant: string, change: (before: TenantSecret) => TenantSecret): Promise<TenantSecret>;
}

/** Keeps the changes to a tenant's secret from crowding; it does not have to be safe, only to help. */
export interface Lease {
  hold<T>(tenant: string, work: () => Promise<T>): Promise<T>;
}

/** Why a secret cannot be changed, in words for the operator. */
export class TenantSecretError extends Error {
  override readonly name = "TenantSecretError";

  readonly code:
    | "secretMissing"
    | "secretDeleted"
    | "secretTooLarge"
    | "tooManyChanges"
    | "busy"
    | "unavailable";

  constructor(code: TenantSecretError["code"], message: string) {
    super(message);
    this.code = code;
  }
}

const time = z.iso.datetime();

// Loose, so that what a later release adds survives a change by this one.
const shape = z.looseObject({
  tokens: z.array(
    z.looseObject({
      id: z.string(),
      name: z.string(),
      sha256: z.string().check(z.regex(/^[0-9a-f]{64}$/)),
      scopes: z.array(z.string()),
      createdAt: time,
      expiresAt: z.exactOptional(time),
      revokedAt: z.exactOptional(time),
      replaces: z.exactOptional(z.string()),
      cutShort: z.exactOptional(z.looseObject({ expiresAt: z.exactOptional(time) })),
    }),
  ),
});

/** Reads what Secrets Manager keeps. @throws where it is not a tenant's secret, without telling what it is. */
export function readTenantSecret(text: string): TenantSecret {
  const parsed = shape.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  throw new Error("A tenant's secret does not have the shape that this release writes.");
}

/** The record of this very token, compared in constant time. */
export const recordOf = (secret: TenantSecret, token: Token): TokenRecord | undefined =>
  secret.tokens.find(({ id, sha256 }) => id === token.tokenId && isSameHash(sha256, token.sha256));

/** Whether a token may be used at `now`, in milliseconds, and if not, why. */
export function tokenState(record: TokenRecord, now: number): TokenState {
  if (record.revokedAt !== undefined) return "revoked";
  if (record.expiresAt !== undefined && Date.parse(record.expiresAt) <= now) return "expired";
  return "active";
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
