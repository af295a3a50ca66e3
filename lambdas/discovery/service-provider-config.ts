import type { PublicAction } from "../http/action.ts";
import { bulkLimits } from "../scim/bulk/read.ts";
import { cursorTimeoutSeconds } from "../scim/cursor.ts";
import { largestCount, usualCount } from "../scim/list-query.ts";
import { serviceProviderConfigUrn } from "../scim/urns.ts";
import { discover } from "./discovery.ts";

/** GET /ServiceProviderConfig (RFC 7643, section 5): only what is built. */
export const getServiceProviderConfig: PublicAction = discover(({ baseUrl }) => ({
  schemas: [serviceProviderConfigUrn],
  patch: { supported: true },
  bulk: { supported: true, ...bulkLimits },
  filter: { supported: true, maxResults: largestCount },
  changePassword: { supported: false },
  sort: { supported: true },
  etag: { supported: true },
  // RFC 9865, section 4.
  pagination: {
    cursor: true,
    index: true,
    defaultPaginationMethod: "index",
    defaultPageSize: usualCount,
    maxPageSize: largestCount,
    cursorTimeout: cursorTimeoutSeconds,
  },
  authenticationSchemes: [
    {
      type: "oauthbearertoken",
      name: "Bearer token",
      description: "A token issued by the operator of this service, sent as Authorization: Bearer.",
      specUri: "https://www.rfc-editor.org/info/rfc6750",
      primary: true,
    },
  ],
  meta: {
    resourceType: "ServiceProviderConfig",
    location: `${baseUrl}/ServiceProviderConfig`,
  },
}));
