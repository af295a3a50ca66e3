import { type Action, ok, type ScimRequest } from "../http/action.ts";
import { isArray, type JsonObject } from "../scim/json.ts";
import { type ListQuery, readListQuery, readSearchRequest } from "../scim/list-query.ts";
import { pageResponse } from "../scim/list-response.ts";
import type { Stored } from "../scim/stored.ts";
import type { SearchSource } from "../search/source.ts";
import { showPage } from "../store/query/show-page.ts";
import { queryResources } from "../store/query.ts";
import type { MemberReader } from "../store/store.ts";
import { filteringBy } from "./filtering.ts";
import type { ServedGroups } from "./groups.ts";
import { type GroupView, groupView, showGroup } from "./present.ts";

/** GET /Groups (RFC 7644, section 3.4.2). */
export const listGroups = (groups: ServedGroups): Action => ({
  scope: "groups:read",
  run: async (request) => ok(await listOf(groups, readListQuery(request.query), request)),
});

/** POST /Groups/.search (RFC 7644, section 3.4.3). */
export const searchGroups = (groups: ServedGroups): Action => ({
  scope: "groups:read",
  run: async (request) => ok(await listOf(groups, readSearchRequest(request.body), request)),
});

async function listOf(
  served: ServedGroups,
  query: ListQuery,
  request: ScimRequest,
): Promise<JsonObject> {
  const { principal, receivedAt } = request;
  const reader = served.store.memberReader();
  const filtering = filteringBy(served, reader, query, request);
  const page = await queryResources(served.store, principal.tenant, query, filtering, receivedAt);
  const view = groupView(served, request, query);
  return pageResponse(await showPage(page, (found) => showGroups(reader, found, view)));
}

/** A page ends where its members would make it too large; the client asks for the rest by startIndex or cursor. */
const mostMembers = 10_000;

async function showGroups(
  groups: MemberReader,
  stored: readonly Stored[],
  view: GroupView,
): Promise<readonly JsonObject[]> {
  const shown: JsonObject[] = [];
  let members = 0;
  for (const group of stored) {
    const one = await showGroup(groups, group, view);
    members += one && isArray(one.members) ? one.members.length : 0;
    if (members > mostMembers && shown.length > 0) break;
    if (one) shown.push(one);
  }
  return shown;
}

/** The groups' part in a search over all types. */
export const groupSource = (served: ServedGroups): SearchSource => ({
  scope: "groups:read",
  reader: served.store,
  filtering: (query, request) => filteringBy(served, served.store.memberReader(), query, request),
  show: (found, query, request) =>
    showGroups(served.store.memberReader(), found, groupView(served, request, query)),
});
