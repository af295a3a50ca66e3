import type { Scope } from "./scopes.ts";

/** Who sent a request: found from its credential alone. */
export interface Client {
  readonly tenant: string;
  /** Which of the tenant's credentials it was; never the credential itself. */
  readonly tokenId: string;
  readonly scopes: readonly Scope[];
  readonly settings: TenantSettings;
}

/** What varies from tenant to tenant; every setting has a default. */
export interface TenantSettings {
  /** Whether two groups of the tenant may not share a displayName. */
  readonly uniqueGroupNames: boolean;
  /** What happens to a member id that is neither a user nor a group of the tenant. */
  readonly unknownMembers: "refuse" | "ignore";
  /** Whether what Entra sends against the RFCs is understood (`entra`) or refused as they say (`rfc`). */
  readonly strictness: "entra" | "rfc";
  /** For how many days a deleted user can be restored. */
  readonly tombstoneDays: number;
  /** What answers a PATCH that does not ask for attributes: the resource, or 204. */
  readonly patchAnswers: Readonly<Record<"users" | "groups" | "resources", PatchAnswer>>;
}

/** RFC 7644, section 3.5.2 leaves the choice. */
export type PatchAnswer = "resource" | "noContent";

/** Tells who is calling. */
export interface Credentials {
  /**
   * The client whose bearer token this is, or undefined for one that is malformed, unknown, expired or revoked.
   * @throws ScimError 403 if the tenant is suspended, 503 if it cannot be told now.
   */
  verify(token: string): Promise<Client | undefined>;
}
