import type { JsonObject } from "./json.ts";
import { listResponseUrn } from "./urns.ts";

/** One page of a list of `totalResults` (RFC 7644, section 3.4.2), counted from 1. */
export function listResponse(
  resources: readonly JsonObject[],
  totalResults: number,
  startIndex = 1,
): JsonObject {
  return {
    schemas: [listResponseUrn],
    totalResults,
    startIndex,
    itemsPerPage: resources.length,
    Resources: resources,
  };
}
