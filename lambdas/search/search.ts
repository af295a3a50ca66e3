import { type Action, ok, type ScimRequest } from "../http/action.ts";
import { ScimError } from "../scim/errors.ts";
import type { JsonObject } from "../scim/json.ts";
import { type ListQuery, readListQuery, readSearchRequest } from "../scim/list-query.ts";
import { pageResponse } from "../scim/list-response.ts";
import { type Show, showPage } from "../store/query/show-page.ts";
import { querySources } from "../store/query.ts";
import type { SearchSource } from "./source.ts";

/** GET / (RFC 7644, section 3.4.2.1). */
export const listAll = (sources: readonly SearchSource[]): Action => ({
  scope: undefined,
  run: async (request) => {
    checkScopes(sources, request);
    return ok(await search(sources, readListQuery(request.query), request));
  },
});

/** POST /.search (RFC 7644, section 3.4.3). */
export const searchAll = (sources: readonly SearchSource[]): Action => ({
  scope: undefined,
  run: async (request) => {
    checkScopes(sources, request);
    return ok(await search(sources, readSearchRequest(request.body), request));
  },
});

/** The right to see one type is enough; the others are left out. */
function checkScopes(sources: readonly SearchSource[], { principal }: ScimRequest): void {
  if (sources.some(({ scope }) => principal.scopes.includes(scope))) return;

  const scopes = [...new Set(sources.map(({ scope }) => `"${scope}"`))].join(" or ");
  throw new ScimError(403, `The token lacks the scope ${scopes}; issue one that has it.`);
}

async function search(
  sources: readonly SearchSource[],
  query: ListQuery,
  request: ScimRequest,
): Promise<JsonObject> {
  const { principal, receivedAt } = request;
  const byType = new Map<string, SearchSource>();
  const parts = sources.map((source) => {
    const filtering = source.filtering(query, request);
    byType.set(filtering.type.name, source);
    return {
      filtering,
      reader: principal.scopes.includes(source.scope) ? source.reader : undefined,
    };
  });
  const page = await querySources(parts, principal.tenant, query, receivedAt);
  const show: Show = async (found, type) =>
    (await byType.get(type)?.show(found, query, request)) ?? [];
  return pageResponse(await showPage(page, show));
}
