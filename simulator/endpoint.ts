import type { Answer, Kind } from "./client.ts";
import type { Send } from "./faults.ts";
import type { Journal } from "./journal.ts";
import type { JsonObject } from "./json.ts";
import { createReads } from "./reads.ts";
import type { TenantUrl } from "./tenant-url.ts";
import type { Method } from "./transport.ts";
import { createWire } from "./wire.ts";
import { createWrites } from "./writes.ts";

export type ResourceType = "User" | "Group";
export type Resource = Record<string, unknown> & { readonly id: string };

/** `failed` was noted in the journal: the object waits for the next cycle. */
export type Found =
  | { readonly kind: "found"; readonly resource: Resource }
  | { readonly kind: "absent" }
  | { readonly kind: "failed" };

export type Created =
  | { readonly kind: "created"; readonly resource: Resource }
  /** A repeated POST met its own first try: the match query tells the id. */
  | { readonly kind: "conflict" }
  | { readonly kind: "failed" };

/** `updated` shows what the endpoint made of it, `done` does not. */
export type Patched =
  | { readonly kind: "updated"; readonly resource: Resource }
  | { readonly kind: "done" }
  | { readonly kind: "failed" };

export interface Page {
  readonly body: Record<string, unknown>;
  readonly resources: readonly Record<string, unknown>[];
}

/** The endpoint in Entra's verbs. Every answer is checked; what is wrong goes to the journal. */
export interface Endpoint {
  /** A query that must answer with a list; `undefined` if it does not. */
  readonly query: (kind: Kind, type: ResourceType, query: string) => Promise<Page | undefined>;
  /** A query for one resource: more than one hit is a failure. */
  readonly find: (kind: Kind, type: ResourceType, query: string) => Promise<Found>;
  readonly get: (type: ResourceType, id: string, query?: string) => Promise<Found>;
  readonly create: (type: ResourceType, body: JsonObject) => Promise<Created>;
  readonly patch: (type: ResourceType, id: string, body: JsonObject) => Promise<Patched>;
  /** Deletes and makes sure that the resource is gone. */
  readonly remove: (type: ResourceType, id: string) => Promise<boolean>;
  /** The bare answer to a query, for the probes. */
  readonly ask: (type: ResourceType, query: string, token?: string) => Promise<Answer>;
  /** The bare answer to a write, for what is to be refused. */
  readonly attempt: (
    method: Method,
    type: ResourceType,
    id: string | undefined,
    body?: JsonObject,
  ) => Promise<Answer>;
}

export interface EndpointSettings {
  readonly tenantUrl: TenantUrl;
  readonly send: Send;
  readonly journal: Journal;
}

export function createEndpoint(settings: EndpointSettings): Endpoint {
  const wire = createWire(settings);
  const reads = createReads(wire);
  return { ...reads, ...createWrites(wire, reads.get) };
}
