import { withCustomExtensions } from "../entra/custom-extensions.ts";
import type { ScimRequest } from "../http/action.ts";
import type { JsonObject } from "../scim/json.ts";
import { readWanted } from "../scim/list-query.ts";
import { project, readProjection } from "../scim/project.ts";
import { userType } from "../scim/resource-types.ts";
import { represent, type Stored } from "../scim/stored.ts";

/** A user with the attributes that a client asked for (RFC 7644, section 3.9). */
export function presentUser(
  stored: Stored,
  baseUrl: string,
  wanted: {
    readonly attributes?: string | undefined;
    readonly excludedAttributes?: string | undefined;
  },
): JsonObject {
  const type = withCustomExtensions(userType, stored.resource);
  return project(represent(stored, type, baseUrl), type, readProjection(wanted, type));
}

/** A user as the answer to `request` shows it. */
export const showUser = (stored: Stored, { baseUrl, query }: ScimRequest): JsonObject =>
  presentUser(stored, baseUrl, readWanted(query));
