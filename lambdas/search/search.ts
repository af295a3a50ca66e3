import { type Action, ok, type ScimRequest } from "../http/action.ts";
import { notImplemented, ScimError } from "../scim/errors.ts";
import type { JsonObject } from "../scim/json.ts";
import { type ListQuery, readListQuery, readSearchRequest } from "../scim/list-query.ts";
import { pageResponse } from "../scim/list-response.ts";
import { showPage } from "../store/query/show-page.ts";
import { querySources } from "../store/query.ts";
import type { SearchSource } from "./source.ts";

/** GET / (RFC 7644, section 3.4.2.1). */
export const listAll = (sources: readonly SearchSource[]): Action => ({
  scope: undefined,
  run: async (request) => {
    const allowed = allowedSources(sources, request);
    return ok(await search(allowed, readListQuery(request.query), request));
  },
});

/** POST /.search (RFC 7644, section 3.4.3). */
export const searchAll = (sources: readonly SearchSource[]): Action => ({
  scope: undefined,
  run: async (request) => {
    const allowed = allowedSources(sources, request);
    return ok(await search(allowed, readSearchRequest(request.body), request));
  },
});

function allowedSources(
  sources: readonly SearchSource[],
  { client }: ScimRequest,
): readonly SearchSource[] {
  if (sources.length === 0) throw notImplemented("A search over all resource types");
  const allowed = sources.filter(({ scope }) => client.scopes.includes(scope));
  if (allowed.length > 0) return allowed;

  const scopes = [...new Set(sources.map(({ scope }) => `"${scope}"`))].join(" or ");
  throw new ScimError(403, `The token lacks the scope ${scopes}; issue one that has it.`);
}

async function search(
  sources: readonly SearchSource[],
  query: ListQuery,
  request: ScimRequest,
): Promise<JsonObject> {
  const parts = sources.map((source) => ({ source, filtering: source.filtering(query, request) }));
  const byName = new Map(parts.map(({ source, filtering }) => [filtering.type.name, source]));
  const page = await querySources(
    parts.map(({ source: { reader }, filtering }) => ({ reader, filtering })),
    request.client.tenant,
    query,
    request.receivedAt,
  );
  const shown = await showPage(
    page,
    async (found, type) => (await byName.get(type)?.show(found, query, request)) ?? [],
  );
  return pageResponse(shown);
}
