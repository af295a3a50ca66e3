import type { Place } from "../scim/cursor.ts";
import type { Filter } from "../scim/filter/filter.ts";
import type { JsonObject } from "../scim/json.ts";
import type { ListQuery } from "../scim/list-query.ts";
import type { ResourceType } from "../scim/schema.ts";
import type { Stored } from "../scim/stored.ts";
import { pageByCursor } from "./query/by-cursor.ts";
import { pageByIndex } from "./query/by-index.ts";
import { prepare } from "./query/prepare.ts";
import type { ResourceReader } from "./store.ts";

/** Where a filter is put to resources, and what they are sorted by is read. */
export interface Filtering {
  /** Undefined where every resource is asked for. */
  readonly filter: Filter | undefined;
  readonly type: ResourceType;
  /** What a resource is of, where some hold extensions of their own. */
  readonly typeOf?: (stored: Stored) => ResourceType;
  /** A resource with every attribute that the filter and the order may name. */
  readonly view: (stored: Stored) => Promise<JsonObject> | JsonObject;
  /** How many resources may be read one by one where no index answers. */
  readonly mostExamined: number;
}

/** Where the resources of one type are read. */
export interface Source {
  /** Undefined for a type that is not to be seen, whose attributes may be named all the same. */
  readonly reader: ResourceReader | undefined;
  readonly filtering: Filtering;
}

/** A resource that was found, and its place in the list. */
export interface Found extends Place {
  readonly stored: Stored;
}

/** One page of what a query found. */
export interface QueryPage {
  readonly found: readonly Found[];
  readonly resources: readonly Stored[];
  /** How many there are in all, exactly; undefined where all would have to be read to tell. */
  readonly totalResults: number | undefined;
  /** Undefined where pages go by cursor, as the cursors are where they go by index. */
  readonly startIndex: number | undefined;
  readonly nextCursor: string | undefined;
  readonly previousCursor: string | undefined;
  /** Whether it was read from its last resource to its first. */
  readonly isBackward: boolean;
  /** The page with only the first so many of its resources, in the order of reading; one at least. */
  readonly shortened: (most: number) => QueryPage;
  /** Told where the client was shown fewer than were found, by which it goes on; undefined where it does not matter. */
  readonly keepShown: ((shown: number) => Promise<void>) | undefined;
}

/**
 * A page of what a list or search asks for, by index or by cursor (RFC 7644, section 3.4.2, and
 * RFC 9865). An equality of an indexed attribute is answered from its index; any other filter, and
 * every order but that of the ids, reads all, up to a bound. By cursor an unsorted page ends there.
 * @throws ScimError 400 `tooMany` past that bound, `invalidFilter`, `invalidValue` for `sortBy`,
 * `invalidCursor`, `expiredCursor`
 */
export const queryResources = (
  reader: ResourceReader,
  tenant: string,
  query: ListQuery,
  filtering: Filtering,
  now: Date,
): Promise<QueryPage> => querySources([{ reader, filtering }], tenant, query, now);

/**
 * The same over several types, one behind the other unless they are sorted. What a type does not
 * have counts as having no value (RFC 7644, section 3.4.2.1); what none has is refused.
 */
export async function querySources(
  sources: readonly Source[],
  tenant: string,
  query: ListQuery,
  now: Date,
): Promise<QueryPage> {
  const prepared = await prepare(sources, tenant, query);
  return query.cursor === undefined
    ? pageByIndex(prepared, tenant, query)
    : pageByCursor(prepared, tenant, { ...query, cursor: query.cursor }, now);
}
