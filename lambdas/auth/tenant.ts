import type { TenantSettings } from "./tenant-settings.ts";

/** What is known of a tenant beside its tokens. */
export interface Tenant {
  readonly state: TenantState;
  readonly settings: TenantSettings;
  /** Since when a tenant is suspended, and what its administrators are told of it. */
  readonly suspension?: { readonly at: string; readonly reason?: string | undefined } | undefined;
  /** When a tenant was deleted, and until when it can be restored. */
  readonly deletion?: { readonly at: string; readonly eraseAfter: string } | undefined;
}

/** A suspended tenant keeps its data and its tokens, as a deleted one does until it is erased, but nobody is let in. */
export type TenantState = "active" | "suspended" | "deleted";

/** While tenants cannot be read, what was read of them is relied on for so long: then revocation counts for more. */
export const mostReliedOnMs = 60 * 60 * 1000;

/** Where a tenant's state and settings are kept. */
export interface TenantReader {
  /** The tenant as it is now, or undefined where there is none of that name, or none any more. */
  get(tenant: string): Promise<Tenant | undefined>;
}

/** Whether `text` may be a tenant's id. It becomes part of keys and tokens, so `#` and `_` must stay out. */
export const isTenantId = (text: string): boolean =>
  /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(text);
