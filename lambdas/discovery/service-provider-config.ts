import { type Action, ok } from "../http/action.ts";
import { largestCount } from "../scim/list-query.ts";
import { serviceProviderConfigUrn } from "../scim/urns.ts";

/** GET /ServiceProviderConfig (RFC 7643, section 5): only what is built. */
export const getServiceProviderConfig: Action = {
  scope: undefined,
  run: async ({ baseUrl }) =>
    ok({
      schemas: [serviceProviderConfigUrn],
      patch: { supported: true },
      bulk: { supported: false, maxOperations: 0, maxPayloadSize: 0 },
      filter: { supported: true, maxResults: largestCount },
      changePassword: { supported: false },
      sort: { supported: false },
      etag: { supported: false },
      authenticationSchemes: [
        {
          type: "oauthbearertoken",
          name: "Bearer token",
          description:
            "A token issued by the operator of this service, sent as Authorization: Bearer.",
          specUri: "https://www.rfc-editor.org/info/rfc6750",
          primary: true,
        },
      ],
      meta: {
        resourceType: "ServiceProviderConfig",
        location: `${baseUrl}/ServiceProviderConfig`,
      },
    }),
};
