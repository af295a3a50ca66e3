import { tooMany } from "../scim/errors.ts";
import { type Filter, pathsIn } from "../scim/filter/filter.ts";
import { equalityLookup } from "../scim/filter/lookup.ts";
import { matches } from "../scim/filter/matches.ts";
import type { JsonObject } from "../scim/json.ts";
import type { ListQuery } from "../scim/list-query.ts";
import type { ResourceType } from "../scim/schema.ts";
import type { Stored } from "../scim/stored.ts";
import type { Page, ResourceReader } from "./store.ts";

/** What may be read, and compared with every term of a filter, within a few seconds. */
const mostBytes = 60_000_000;
const mostWork = 250_000_000;

/** Where a filter is put to resources. */
export interface Filtering {
  readonly filter: Filter;
  readonly type: ResourceType;
  /** What a resource is of, where some hold extensions of their own. */
  readonly typeOf?: (stored: Stored) => ResourceType;
  /** A resource with every attribute that the filter may name. */
  readonly view: (stored: Stored) => Promise<JsonObject> | JsonObject;
  /** How many resources may be read one by one where no index answers. */
  readonly mostExamined: number;
}

/**
 * A page of what a list or search asks for. An equality of an indexed attribute is answered from
 * its index; any other filter reads all, up to a bound.
 * @throws ScimError 400 `tooMany` past that bound.
 */
export async function queryResources(
  reader: ResourceReader,
  tenant: string,
  { startIndex, count }: Pick<ListQuery, "startIndex" | "count">,
  filtering: Filtering | undefined,
): Promise<Page> {
  if (!filtering) return reader.page(tenant, startIndex, count);

  const resources: Stored[] = [];
  let totalResults = 0;
  const terms = pathsIn(filtering.filter).length;
  let examined = 0;
  let bytes = 0;
  for await (const stored of candidates(reader, tenant, filtering)) {
    bytes += JSON.stringify(stored.resource).length;
    const isTooMuch = bytes > mostBytes || bytes * terms > mostWork;
    if (++examined > filtering.mostExamined || isTooMuch)
      throw tooMany(
        `This filter would read too many resources; filter by userName, externalId, emails.value, displayName of groups, or id.`,
      );
    const type = filtering.typeOf?.(stored) ?? filtering.type;
    if (!matches(filtering.filter, await filtering.view(stored), type)) continue;
    totalResults++;
    if (totalResults >= startIndex && resources.length < count) resources.push(stored);
  }
  return { totalResults, resources };
}

async function* candidates(
  reader: ResourceReader,
  tenant: string,
  { filter, type }: Filtering,
): AsyncGenerator<Stored> {
  const lookup = equalityLookup(filter, type);
  yield* lookup ? await reader.find(tenant, lookup) : reader.each(tenant);
}
