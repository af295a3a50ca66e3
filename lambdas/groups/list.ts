import { type Action, ok, type ScimRequest } from "../http/action.ts";
import { parseFilter } from "../scim/filter/parse.ts";
import { isArray, type JsonObject } from "../scim/json.ts";
import { type ListQuery, readListQuery, readSearchRequest } from "../scim/list-query.ts";
import { listResponse } from "../scim/list-response.ts";
import { represent, type Stored } from "../scim/stored.ts";
import { type Filtering, queryResources } from "../store/query.ts";
import type { MemberReader } from "../store/store.ts";
import { type ServedGroups, toleranceFor } from "./groups.ts";
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
  const view = groupView(served, request, query);
  const reader = served.store.memberReader();
  const filtering = query.filter ? filteringBy(served, reader, query.filter, request) : undefined;
  const page = await queryResources(served.store, view.tenant, query, filtering);
  const shown = await showGroups(reader, page.resources, view);
  return listResponse(shown, page.totalResults, query.startIndex);
}

/** Reading one group's members may cost as much as reading hundreds of groups. */
const mostExamined = { withMembers: 200, without: 20_000 };

/** How groups are put to the filter that `text` is. */
export function filteringBy(
  { type }: ServedGroups,
  groups: MemberReader,
  text: string,
  request: ScimRequest,
): Filtering {
  const { client, baseUrl } = request;
  const filter = toleranceFor(request).filter(parseFilter(text), type);
  const base = { filter, type };
  if (!/members/i.test(text)) {
    const view = (stored: Stored) => represent(stored, type, baseUrl);
    return { ...base, view, mostExamined: mostExamined.without };
  }
  const view = async (stored: Stored) => {
    const { members = [] } = (await groups.getWithMembers(client.tenant, stored.id)) ?? {};
    const isNamed = /\bdisplay\b/i.test(text);
    const names = isNamed ? await groups.displayNamesOf(client.tenant, members) : undefined;
    return representGroup(stored, members, { type, baseUrl }, names);
  };
  return { ...base, view, mostExamined: mostExamined.withMembers };
}

/** A page ends where its members would make it too large; the client asks for the rest by startIndex. */
const mostMembers = 10_000;

export async function showGroups(
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
