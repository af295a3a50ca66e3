import { etagOf } from "./etag.ts";
import type { JsonObject } from "./json.ts";
import type { ResourceType } from "./schema.ts";

/** A resource as it is kept: what the client may set, and beside it what only the service sets. */
export interface Stored {
  readonly id: string;
  /** The attributes that a client may set, `schemas` among them; without `id`, `meta` and a group's members. */
  readonly resource: JsonObject;
  readonly version: number;
  /** RFC 3339, UTC. */
  readonly created: string;
  readonly lastModified: string;
  /** Set where the resource has one of its tenant's seats, as its item tells. Clients see nothing of it. */
  readonly seat?: true;
}

/** The resource as RFC 7643, section 3.1 shows it: with its `id` and `meta`. */
export function represent(stored: Stored, type: ResourceType, baseUrl: string): JsonObject {
  const { schemas = [], ...attributes } = stored.resource;
  return {
    schemas,
    id: stored.id,
    ...attributes,
    meta: {
      resourceType: type.name,
      created: stored.created,
      lastModified: stored.lastModified,
      location: locationOf(stored, type, baseUrl),
      version: etagOf(stored.version),
    },
  };
}

/** Where a resource is (RFC 7644, section 3.3). */
export const locationOf = ({ id }: Pick<Stored, "id">, type: ResourceType, baseUrl: string) =>
  `${baseUrl}${type.endpoint}/${id}`;
