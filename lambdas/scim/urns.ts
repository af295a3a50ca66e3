export const userUrn = "urn:ietf:params:scim:schemas:core:2.0:User";
export const enterpriseUserUrn = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
export const groupUrn = "urn:ietf:params:scim:schemas:core:2.0:Group";
export const schemaUrn = "urn:ietf:params:scim:schemas:core:2.0:Schema";
export const resourceTypeUrn = "urn:ietf:params:scim:schemas:core:2.0:ResourceType";
export const serviceProviderConfigUrn =
  "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig";

export const listResponseUrn = "urn:ietf:params:scim:api:messages:2.0:ListResponse";
export const searchRequestUrn = "urn:ietf:params:scim:api:messages:2.0:SearchRequest";
export const patchOpUrn = "urn:ietf:params:scim:api:messages:2.0:PatchOp";
export const bulkRequestUrn = "urn:ietf:params:scim:api:messages:2.0:BulkRequest";
export const bulkResponseUrn = "urn:ietf:params:scim:api:messages:2.0:BulkResponse";
export const errorUrn = "urn:ietf:params:scim:api:messages:2.0:Error";
