import { type Action, ok, type ScimRequest } from "../http/action.ts";
import { parseFilter } from "../scim/filter/parse.ts";
import type { JsonObject } from "../scim/json.ts";
import { type ListQuery, readListQuery, readSearchRequest } from "../scim/list-query.ts";
import { listResponse } from "../scim/list-response.ts";
import type { ResourceType } from "../scim/schema.ts";
import { represent, type Stored } from "../scim/stored.ts";
import { type Filtering, queryResources } from "../store/query.ts";
import { type Served, toleranceFor } from "./served.ts";
import { representWith, showAll } from "./show.ts";

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
  const { store } = served;
  const filtering = query.filter ? filteringBy(served, query.filter, request) : undefined;
  const page = await queryResources(store, request.client.tenant, query, filtering);
  const resources = await showAll(served, page.resources, query, request);
  return listResponse(resources, page.totalResults, query.startIndex);
}

/** What is derived costs several reads for each resource. */
const mostExamined = { withDerived: 500, without: 20_000 };

/** How resources are put to the filter that `text` is. */
export function filteringBy(served: Served, text: string, request: ScimRequest): Filtering {
  const tolerance = toleranceFor(request);
  const typeOf = (stored?: Stored): ResourceType =>
    served.takesCustomExtensions
      ? tolerance.typeOf(served.type, stored?.resource, text)
      : served.type;
  const type = typeOf();
  const base = { filter: tolerance.filter(parseFilter(text), type), type, typeOf };

  const { derived } = served;
  if (!derived || !new RegExp(`\\b${derived.name}\\b`, "i").test(text)) {
    const view = (stored: Stored) => represent(stored, type, request.baseUrl);
    return { ...base, view, mostExamined: mostExamined.without };
  }
  const { tenant } = request.client;
  const view = async (stored: Stored) => {
    const values = await derived.valuesOf(tenant, [stored.id], request.baseUrl);
    return representWith(served, stored, request, values);
  };
  return { ...base, view, mostExamined: mostExamined.withDerived };
}
