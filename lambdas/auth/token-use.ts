/** What is kept of a token's use. Times are ISO 8601, in UTC. */
export interface TokenUse {
  /** When it was last used; written at most every few minutes. */
  readonly usedAt?: string | undefined;
  /** When a request with it last succeeded. */
  readonly succeededAt?: string | undefined;
  readonly failedAt?: string | undefined;
  /** What went wrong at `failedAt`. */
  readonly failure?: Failure | undefined;
}

/** A request that was refused, or that failed here. */
export interface Failure {
  readonly status: number;
  /** What the client was told, without the values of people's attributes. */
  readonly detail: string;
  /** Such as `PATCH /scim/v2/Users/{id}`. */
  readonly route: string;
  /** By which the request is found in the log. */
  readonly requestId: string;
}

/** Where the use of tokens is kept. */
export interface TokenUseStore {
  /** Keeps of `use` what is newer than what is kept already. */
  keep(tenant: string, tokenId: string, use: TokenUse, signal: AbortSignal): Promise<void>;
}

/** Where the use of tokens is read. */
export interface TokenUseReader {
  /** The use of all tokens of a tenant, by their ids; of those that were not used there is none. */
  list(tenant: string): Promise<ReadonlyMap<string, TokenUse>>;
}

/** How much later than `usedAt` says a token may have been used. */
export const useNotedMs = 5 * 60 * 1000;
