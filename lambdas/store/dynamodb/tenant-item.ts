import { tenantKey, tenantOf, workIndexKey } from "./keys.ts";
import { formatVersion } from "./table.ts";

/** A tenant as the table keeps it, its settings read as `S`. */
export interface StoredTenant<S> {
  readonly tenant: string;
  readonly state: (typeof states)[number];
  readonly settings: S;
  /** Those that were chosen, as they are stored: the others follow their defaults, also when a release changes those. */
  readonly chosen: Readonly<Record<string, unknown>>;
  readonly createdAt: string;
  /** Of a tenant that is suspended, or was when it was deleted. */
  readonly suspension?: { readonly at: string; readonly reason?: string | undefined } | undefined;
  readonly deletion?: { readonly at: string; readonly eraseAfter: string } | undefined;
  readonly erasure?: { readonly begunAt: string; readonly erasedAt?: string } | undefined;
}

const states = ["active", "suspended", "deleted", "erasing", "erased"] as const;

export type Item = Readonly<Record<string, unknown>>;

/** What an item holds, as this and every earlier release wrote it. */
export function readTenant<S>(item: Item, readSettings: (stored: unknown) => S): StoredTenant<S> {
  const state = states.find((one) => one === item.state);
  if (!state) throw new Error(`${String(item.sk)} is in a state that this release does not know.`);
  // Only `itemAfter` and the erasure write these.
  const { suspension, deletion, erasure } = item as Partial<StoredTenant<S>>;
  return {
    tenant: tenantOf(item),
    state,
    settings: readSettings(item.settings),
    chosen: isRecord(item.settings) ? item.settings : {},
    createdAt: String(item.createdAt),
    ...(suspension && { suspension }),
    ...(deletion && { deletion }),
    ...(erasure && { erasure: datesOf(erasure) }),
  };
}

/** What of a tenant can be changed. */
export type Changeable = Pick<
  StoredTenant<unknown>,
  "state" | "chosen" | "suspension" | "deletion"
>;

/** The item after a change; a deleted tenant is listed as work that is due when it is to be erased. */
export function itemAfter(
  tenant: string,
  before: Item,
  { state, chosen, suspension, deletion }: Changeable,
): Record<string, unknown> {
  const { gsi1pk: _, gsi1sk: __, suspension: ___, deletion: ____, ...kept } = before;
  const due = deletion && workIndexKey(tenantKey(tenant), new Date(deletion.eraseAfter));
  return {
    ...kept,
    ...due,
    v: formatVersion,
    state,
    settings: chosen,
    ...(suspension && { suspension }),
    ...(deletion && { deletion }),
    revision: revisionOf(before) + 1,
  };
}

/** Counts the writes of an item, so that of racing changes none is lost. */
export const revisionOf = ({ revision }: Item): number =>
  typeof revision === "number" ? revision : 0;

/** Holds a write to the item that was read; those of earlier releases count none. */
export const unchanged = (item: Item) =>
  item.revision === undefined
    ? { ConditionExpression: "attribute_exists(pk) AND attribute_not_exists(revision)" }
    : {
        ConditionExpression: "revision = :revision",
        ExpressionAttributeValues: { ":revision": item.revision },
      };

/** Where the erasure stands is nobody's business but its own. */
const datesOf = ({ begunAt, erasedAt }: NonNullable<StoredTenant<unknown>["erasure"]>) => ({
  begunAt,
  ...(erasedAt !== undefined && { erasedAt }),
});

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null;
