import type { Client } from "../auth/credentials.ts";
import type { Scope } from "../auth/scopes.ts";
import { notImplemented } from "../scim/errors.ts";
import type { Preconditions } from "../scim/etag.ts";
import type { Json, JsonObject } from "../scim/json.ts";

/** A request as actions see it: authenticated, decoded, and of no event's form. */
export interface ScimRequest {
  readonly client: Client;
  /** The `{id}` of the path, or the empty string. */
  readonly id: string;
  /** The last value of each query parameter, by its name in lower case. */
  readonly query: ReadonlyMap<string, string>;
  /** The parsed body, or undefined where there was none. */
  readonly body: Json | undefined;
  /** On what state of the resource the request depends (RFC 7644, section 3.14). */
  readonly preconditions: Preconditions;
  /** Where this service is, such as `https://host/stage/scim/v2`; resources' locations begin with it. */
  readonly baseUrl: string;
  readonly receivedAt: Date;
}

export interface ScimReply {
  readonly status: number;
  readonly body?: JsonObject;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What a route does. */
export interface Action {
  /** What the token must be allowed to do; any token will do where it is undefined. */
  readonly scope: Scope | undefined;
  readonly run: (request: ScimRequest) => Promise<ScimReply>;
}

export const ok = (body: JsonObject): ScimReply => ({ status: 200, body });

export const noContent: ScimReply = { status: 204 };

/** 201 with the resource, and its `meta.location` as header (RFC 7644, section 3.3). */
export const created = (body: JsonObject, location: string): ScimReply => ({
  status: 201,
  body,
  headers: { Location: location },
});

/** A route that exists and does nothing yet. */
export const notBuilt = (what: string): Action => ({
  scope: undefined,
  run: async () => {
    throw notImplemented(what);
  },
});
