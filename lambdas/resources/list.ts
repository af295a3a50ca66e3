import { type Action, ok, type ScimRequest } from "../http/action.ts";
import { type Filter, pathsIn } from "../scim/filter/filter.ts";
import { equalityLookup } from "../scim/filter/lookup.ts";
import { parseFilter } from "../scim/filter/parse.ts";
import type { JsonObject } from "../scim/json.ts";
import { type ListQuery, readListQuery, readSearchRequest } from "../scim/list-query.ts";
import { pageResponse } from "../scim/list-response.ts";
import { represent, type Stored } from "../scim/stored.ts";
import type { SearchSource } from "../search/source.ts";
import { showPage } from "../store/query/show-page.ts";
import { type Filtering, queryResources } from "../store/query.ts";
import type { ResourceReader } from "../store/store.ts";
import { deriveAhead } from "./derive-ahead.ts";
import { type Served, toleranceFor } from "./served.ts";
import { presentAll, representWith, showAll, viewOf } from "./show.ts";
import { typesBySpelling } from "./spelt-types.ts";

/** GET on a type's endpoint (RFC 7644, section 3.4.2). */
export const listResources = (served: Served): Action => ({
  scope: `${served.family}:read`,
  run: async (request) => ok(await listOf(served, readListQuery(request.query), request)),
});

/** POST on a type's endpoint and /.search (RFC 7644, section 3.4.3). */
export const searchResources = (served: Served): Action => ({
  scope: `${served.family}:read`,
  run: async (request) => ok(await listOf(served, readSearchRequest(request.body), request)),
});

async function listOf(served: Served, query: ListQuery, request: ScimRequest): Promise<JsonObject> {
  const { principal, receivedAt } = request;
  const { store } = served;
  const derivations = deriveAhead(served, query, request);
  const reader: ResourceReader = {
    ...store,
    find: (tenant, lookup) => store.find(tenant, lookup, derivations.foretell),
  };
  const filtering = filteringBy(served, query, request);
  const page = await queryResources(reader, principal.tenant, query, filtering, receivedAt);
  const view = viewOf(served, query, request);
  const show = async (found: readonly Stored[]) =>
    presentAll(view, found, await derivations.of(found.map(({ id }) => id)));
  return pageResponse(await showPage(page, show));
}

/** What is derived costs two reads for each resource; those that an index names are worth more of them. */
const mostExamined = { withDerived: 200, listed: 1000, without: 20_000 };

/** How resources are put to a query's filter and order. */
function filteringBy(
  served: Served,
  { filter: text, sortBy }: ListQuery,
  request: ScimRequest,
): Filtering {
  const tolerance = toleranceFor(request);
  const named = `${text ?? ""} ${sortBy ?? ""}`;
  const type = served.takesCustomExtensions
    ? tolerance.typeOf(served.type, undefined, named)
    : served.type;
  const typeOf = typesBySpelling(served.type, type, (held) =>
    tolerance.typeOf(served.type, held, named),
  );
  const filter = text ? tolerance.filter(parseFilter(text), type) : undefined;
  const base = { filter, type, ...(typeOf && { typeOf }) };

  const { derived } = served;
  if (!derived || !isNamed(derived.name, filter, sortBy)) {
    const view = (stored: Stored) => represent(stored, type, request.baseUrl);
    return { ...base, view, mostExamined: mostExamined.without };
  }
  const view = async (stored: Stored) => {
    const values = await derived.valuesOf(request.principal.tenant, [stored.id], request.baseUrl);
    return representWith(served, stored, request, values);
  };
  const isListed = filter && equalityLookup(filter, type);
  return { ...base, view, mostExamined: mostExamined[isListed ? "listed" : "withDerived"] };
}

/** Whether a filter or an order goes by an attribute of this name. */
function isNamed(name: string, filter: Filter | undefined, sortBy = ""): boolean {
  const paths = [...(filter ? pathsIn(filter) : []), sortBy];
  const form = new RegExp(`(^|:)${name}($|\\.)`, "i");
  return paths.some((path) => form.test(path));
}

/** The type's part in a search over all. */
export const resourceSource = (served: Served): SearchSource => ({
  scope: `${served.family}:read`,
  reader: served.store,
  filtering: (query, request) => filteringBy(served, query, request),
  show: (found, query, request) => showAll(served, found, query, request),
});
