import type { JsonObject } from "./json.ts";
import { listResponseUrn } from "./urns.ts";

/** One page of what a query found. */
export interface ListPage {
  readonly resources: readonly JsonObject[];
  /** How many there are in all, exactly; undefined where that is not known (RFC 9865, section 2). */
  readonly totalResults?: number | undefined;
  /** Where the page begins, counted from 1; undefined where pages go by cursor. */
  readonly startIndex?: number | undefined;
  readonly nextCursor?: string | undefined;
  readonly previousCursor?: string | undefined;
}

/** The answer that holds `page` (RFC 7644, section 3.4.2, and RFC 9865, section 2); what is undefined is left out. */
export function pageResponse({ resources, ...page }: ListPage): JsonObject {
  const { totalResults, startIndex, previousCursor, nextCursor } = page;
  return {
    schemas: [listResponseUrn],
    ...(totalResults === undefined ? {} : { totalResults }),
    ...(startIndex === undefined ? {} : { startIndex }),
    itemsPerPage: resources.length,
    ...(previousCursor === undefined ? {} : { previousCursor }),
    ...(nextCursor === undefined ? {} : { nextCursor }),
    Resources: resources,
  };
}

/** One page of a list of `totalResults` (RFC 7644, section 3.4.2), counted from 1. */
export function listResponse(
  resources: readonly JsonObject[],
  totalResults: number,
  startIndex = 1,
): JsonObject {
  return pageResponse({ resources, totalResults, startIndex });
}
