import { withMentionedExtensions } from "../entra/custom-extensions.ts";
import { normaliseFilter } from "../entra/normalise-filter.ts";
import { type Action, ok, type ScimRequest } from "../http/action.ts";
import { parseFilter } from "../scim/filter/parse.ts";
import type { JsonObject } from "../scim/json.ts";
import { type ListQuery, readListQuery, readSearchRequest } from "../scim/list-query.ts";
import { pageResponse } from "../scim/list-response.ts";
import { userType } from "../scim/resource-types.ts";
import { represent, type Stored } from "../scim/stored.ts";
import { showPage } from "../store/query/show-page.ts";
import { queryResources } from "../store/query.ts";
import type { UserStore } from "../store/store.ts";
import { presentUser } from "./present.ts";

/** GET /Users (RFC 7644, section 3.4.2). */
export const listUsers = (users: UserStore): Action => ({
  scope: "users:read",
  run: async (request) => ok(await listOf(users, readListQuery(request.query), request)),
});

/** POST /Users/.search (RFC 7644, section 3.4.3). */
export const searchUsers = (users: UserStore): Action => ({
  scope: "users:read",
  run: async (request) => ok(await listOf(users, readSearchRequest(request.body), request)),
});

const mostExamined = 20_000;

async function listOf(
  users: UserStore,
  query: ListQuery,
  request: ScimRequest,
): Promise<JsonObject> {
  const named = [query.filter, query.sortBy];
  const type = withMentionedExtensions(userType, ...named);
  const filtering = {
    filter: query.filter ? normaliseFilter(parseFilter(query.filter), type) : undefined,
    type,
    // A custom attribute is found under whatever spelling it is kept.
    typeOf: (stored: Stored) => withMentionedExtensions(userType, stored.resource, ...named),
    view: (stored: Stored) => represent(stored, type, request.baseUrl),
    mostExamined,
  };
  const { client, baseUrl, receivedAt } = request;
  const page = await queryResources(users, client.tenant, query, filtering, receivedAt);
  const show = async (found: readonly Stored[]) =>
    found.map((user) => presentUser(user, baseUrl, query));
  return pageResponse(await showPage(page, show));
}
