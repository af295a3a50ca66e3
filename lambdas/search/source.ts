import type { Action, ScimRequest } from "../http/action.ts";
import type { JsonObject } from "../scim/json.ts";
import type { ListQuery } from "../scim/list-query.ts";
import type { Stored } from "../scim/stored.ts";
import type { Filtering } from "../store/query.ts";
import type { ResourceReader } from "../store/store.ts";

/** One resource type's part in a search over all. */
export interface SearchSource {
  /** What a token must be allowed to do; what it may not see is left out of the search. */
  readonly scope: NonNullable<Action["scope"]>;
  readonly reader: ResourceReader;
  /** How this type's resources are put to the query's filter and order. */
  readonly filtering: (query: ListQuery, request: ScimRequest) => Filtering;
  /** As the client wants to see them, in order; the last ones may be left out where they do not fit. */
  readonly show: (
    resources: readonly Stored[],
    query: ListQuery,
    request: ScimRequest,
  ) => Promise<readonly JsonObject[]>;
}
