import type { Scope } from "./scopes.ts";
import type { TenantSettings } from "./tenant-settings.ts";

/** Whoever sent a request, however it was authenticated: all that routes ever learn of it. */
export interface Principal {
  readonly tenant: string;
  readonly credential: Credential;
  readonly scopes: readonly Scope[];
  readonly settings: TenantSettings;
}

/** By what a principal was authenticated, and how logs name it; never the credential itself. */
export interface Credential {
  /** `token`, or the word for another way to authenticate. */
  readonly kind: string;
  readonly id: string;
}

/** Tells who is calling. */
export interface Credentials {
  /**
   * The principal whose bearer token this is, or undefined for one that is malformed, unknown, expired or revoked.
   * @throws ScimError 403 if the tenant is suspended, 503 if it cannot be told now.
   */
  verify(bearer: string): Promise<Principal | undefined>;
}

/** One of several ways to authenticate. */
export interface Authenticator extends Credentials {
  /** Whether a bearer token has the form that this way is for. It costs no call. */
  recognises(bearer: string): boolean;
}

/** Tries the one way that a bearer token is for: no way gets to see what is meant for another. */
export const oneOf = (ways: readonly Authenticator[]): Credentials => ({
  verify: async (bearer) => ways.find((way) => way.recognises(bearer))?.verify(bearer),
});
