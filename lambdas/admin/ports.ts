import type { Tenant, TenantReader, TenantState } from "../auth/tenant.ts";
import type { TenantSecretStore } from "../auth/tenant-secret.ts";
import type { TenantSettings } from "../auth/tenant-settings.ts";
import type { RandomBytes } from "../auth/token.ts";
import type { TokenUseReader } from "../auth/token-use.ts";
import type { Served } from "../resources/served.ts";
import type {
  DeletedUsers,
  GroupNames,
  Seats,
  TenantFigures,
  UserErasure,
} from "../store/store.ts";

/** What the operator's commands work on. */
export interface AdminPorts {
  readonly tenants: TenantStore;
  readonly secrets: TenantSecretStore;
  readonly tokenUses: TokenUseReader;
  readonly deletedUsers: DeletedUsers;
  readonly erasure: UserErasure;
  readonly groupNames: GroupNames;
  readonly seats: Seats;
  /** Users as requests read and write them. */
  readonly users: Served;
  /** Bounds what is done within it, as a request is. */
  readonly inTime: <T>(work: () => Promise<T>) => Promise<T>;
  readonly figures: TenantFigures;
  /** The time in milliseconds. */
  readonly clock: () => number;
  readonly random: RandomBytes;
}

export interface TenantEntry extends TenantChange {
  readonly tenant: string;
  /** Those in force. */
  readonly settings: TenantSettings;
  readonly createdAt: string;
  /** Of a deleted tenant whose data is going, or has gone. */
  readonly erasure?: { readonly begunAt: string; readonly erasedAt?: string } | undefined;
}

/** What of a tenant a command can change. */
export interface TenantChange extends Pick<Tenant, "suspension" | "deletion"> {
  readonly state: TenantState | "erasing" | "erased";
  /** The settings that were chosen; the others have their defaults. */
  readonly chosen: Readonly<Record<string, unknown>>;
}

export interface TenantStore extends TenantReader {
  get(tenant: string): Promise<(TenantEntry & Tenant) | undefined>;
  /** The same for one that is being erased or has been, too: its name is never used again. */
  find(tenant: string): Promise<TenantEntry | undefined>;
  /** Writes a new tenant with the settings that were chosen for it. */
  create(tenant: {
    readonly tenant: string;
    readonly settings: Readonly<Record<string, unknown>>;
    readonly createdAt: string;
  }): Promise<"created" | "exists">;
  /**
   * Writes what `decide` makes of the tenant, so that of racing changes none is lost: it may be asked
   * several times, and returns the very object that it was given where nothing is to change.
   */
  change(
    tenant: string,
    decide: (before: TenantEntry) => TenantChange | Promise<TenantChange>,
  ): Promise<TenantEntry | undefined>;
  /** In the order of their ids, from the one after `after`; erased ones only where they are asked for. */
  list(wish: {
    readonly limit: number;
    readonly after?: string | undefined;
    readonly erased?: boolean | undefined;
  }): Promise<{ tenants: readonly TenantEntry[]; next?: string | undefined }>;
}
