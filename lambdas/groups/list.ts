import { type Action, ok, type ScimRequest } from "../http/action.ts";
import { toleranceFor } from "../resources/served.ts";
import { tooMany } from "../scim/errors.ts";
import { pathsIn } from "../scim/filter/filter.ts";
import { parseFilter } from "../scim/filter/parse.ts";
import { isArray, type JsonObject } from "../scim/json.ts";
import { type ListQuery, readListQuery, readSearchRequest } from "../scim/list-query.ts";
import { pageResponse } from "../scim/list-response.ts";
import { represent, type Stored } from "../scim/stored.ts";
import type { SearchSource } from "../search/source.ts";
import { showPage } from "../store/query/show-page.ts";
import { type Filtering, queryResources } from "../store/query.ts";
import type { MemberReader } from "../store/store.ts";
import type { ServedGroups } from "./groups.ts";
import { type GroupView, groupView, representGroup, showGroup } from "./present.ts";

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
  const { client, receivedAt } = request;
  const reader = served.store.memberReader();
  const filtering = filteringBy(served, reader, query, request);
  const page = await queryResources(served.store, client.tenant, query, filtering, receivedAt);
  const view = groupView(served, request, query);
  return pageResponse(await showPage(page, (found) => showGroups(reader, found, view)));
}

/** Reading one group's members may cost as much as reading hundreds of groups. */
const mostExamined = { withMembers: 200, without: 20_000 };

/** As many as one group may be given at once. */
const mostMembersExamined = 20_000;

/** How groups are put to a query's filter and order. */
function filteringBy(
  { type }: ServedGroups,
  groups: MemberReader,
  { filter: text, sortBy }: ListQuery,
  { client, baseUrl }: ScimRequest,
): Filtering {
  const filter = text ? toleranceFor({ client }).filter(parseFilter(text), type) : undefined;
  const base = { filter, type };
  const paths = [...(filter ? pathsIn(filter) : []), sortBy ?? ""];
  if (!paths.some((path) => /(^|:)members($|\.)/i.test(path))) {
    const view = (stored: Stored) => represent(stored, type, baseUrl);
    return { ...base, view, mostExamined: mostExamined.without };
  }
  const isNamed = paths.some((path) => /(^|\.)display$/i.test(path));
  let examined = 0;
  const view = async (stored: Stored) => {
    const { members = [] } = (await groups.getWithMembers(client.tenant, stored.id)) ?? {};
    examined += members.length;
    if (examined > mostMembersExamined)
      throw tooMany(`This filter would go through more than ${mostMembersExamined} members.`);
    const names = isNamed ? await groups.displayNamesOf(client.tenant, members) : undefined;
    return representGroup(stored, members, { type, baseUrl }, names);
  };
  return { ...base, view, mostExamined: mostExamined.withMembers };
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
