import type { TenantSettings } from "./tenant-settings.ts";

/** What is known of a tenant beside its tokens. */
export interface Tenant {
  readonly state: TenantState;
  readonly settings: TenantSettings;
}

/** A suspended tenant keeps its data and its tokens, but nobody is let in. */
export type TenantState = "active" | "suspended";

/** Where a tenant's state and settings are kept. */
export interface TenantReader {
  /** The tenant as it is now, or undefined where there is none of that name. */
  get(tenant: string): Promise<Tenant | undefined>;
}

/** Whether `text` may be a tenant's id. It becomes part of keys and tokens, so `#` and `_` must stay out. */
export const isTenantId = (text: string): boolean =>
  /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(text);
