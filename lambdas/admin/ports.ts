import type { TenantReader, TenantState } from "../auth/tenant.ts";
import type { TenantSecretStore } from "../auth/tenant-secret.ts";
import type { TenantSettings } from "../auth/tenant-settings.ts";
import type { RandomBytes } from "../auth/token.ts";
import type { TokenUseReader } from "../auth/token-use.ts";
import type { DeletedUsers, TenantFigures } from "../store/store.ts";

/** What the operator's commands work on. */
export interface AdminPorts {
  readonly tenants: TenantStore;
  readonly secrets: TenantSecretStore;
  readonly tokenUses: TokenUseReader;
  readonly deletedUsers: DeletedUsers;
  readonly figures: TenantFigures;
  /** The time in milliseconds. */
  readonly clock: () => number;
  readonly random: RandomBytes;
}

export interface TenantEntry {
  readonly tenant: string;
  readonly state: TenantState;
  readonly settings: TenantSettings;
  readonly createdAt: string;
}

export interface TenantStore extends TenantReader {
  get(tenant: string): Promise<TenantEntry | undefined>;
  /** Writes a new tenant with the settings that were chosen for it. */
  create(tenant: {
    readonly tenant: string;
    readonly settings: Readonly<Record<string, unknown>>;
    readonly createdAt: string;
  }): Promise<"created" | "exists">;
  /** In the order of their ids, from the one after `after`. */
  list(
    limit: number,
    after?: string,
  ): Promise<{ tenants: readonly TenantEntry[]; next?: string | undefined }>;
}
