import { normaliseFilter } from "../entra/normalise-filter.ts";
import { type Action, ok, type ScimRequest } from "../http/action.ts";
import { parseFilter } from "../scim/filter/parse.ts";
import { isArray, type JsonObject } from "../scim/json.ts";
import { type ListQuery, readListQuery, readSearchRequest } from "../scim/list-query.ts";
import { pageResponse } from "../scim/list-response.ts";
import { groupType } from "../scim/resource-types.ts";
import { represent, type Stored } from "../scim/stored.ts";
import { showPage } from "../store/query/show-page.ts";
import { type Filtering, queryResources } from "../store/query.ts";
import type { GroupStore, MemberReader } from "../store/store.ts";
import { type GroupView, groupView, representGroup, showGroup } from "./present.ts";

/** GET /Groups (RFC 7644, section 3.4.2). */
export const listGroups = (groups: GroupStore): Action => ({
  scope: "groups:read",
  run: async (request) => ok(await listOf(groups, readListQuery(request.query), request)),
});

/** POST /Groups/.search (RFC 7644, section 3.4.3). */
export const searchGroups = (groups: GroupStore): Action => ({
  scope: "groups:read",
  run: async (request) => ok(await listOf(groups, readSearchRequest(request.body), request)),
});

async function listOf(
  groups: GroupStore,
  query: ListQuery,
  { client, baseUrl, receivedAt }: ScimRequest,
): Promise<JsonObject> {
  const view = groupView(client.tenant, baseUrl, query);
  const reader = groups.memberReader();
  const filtering = filteringBy(reader, query, view);
  const page = await queryResources(groups, client.tenant, query, filtering, receivedAt);
  return pageResponse(await showPage(page, (found) => showGroups(reader, found, view)));
}

/** Reading one group's members may cost as much as reading hundreds of groups. */
const mostExamined = { withMembers: 200, without: 20_000 };

function filteringBy(
  groups: MemberReader,
  { filter: text, sortBy }: ListQuery,
  { tenant, baseUrl }: GroupView,
): Filtering {
  const filter = text ? normaliseFilter(parseFilter(text), groupType) : undefined;
  const base = { filter, type: groupType };
  if (!/members/i.test(`${text} ${sortBy}`)) {
    const view = (stored: Stored) => represent(stored, groupType, baseUrl);
    return { ...base, view, mostExamined: mostExamined.without };
  }
  const view = async (stored: Stored) => {
    const whole = await groups.getWithMembers(tenant, stored.id);
    return representGroup(stored, whole?.members ?? [], baseUrl);
  };
  return { ...base, view, mostExamined: mostExamined.withMembers };
}

/** A page ends where its members would make it too large; the client asks for the rest by startIndex. */
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
