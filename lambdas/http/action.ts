import type { Principal } from "../auth/principal.ts";
import type { Scope } from "../auth/scopes.ts";
import { notImplemented, ScimError } from "../scim/errors.ts";
import { etagOf, type Preconditions } from "../scim/etag.ts";
import type { Json, JsonObject } from "../scim/json.ts";

/** A request as actions see it: decoded, and of no event's form. */
export interface PublicRequest {
  /** By which an operator finds the request in the log. */
  readonly requestId: string;
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

/** A request of which it is known who sent it. */
export interface ScimRequest extends PublicRequest {
  readonly principal: Principal;
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

/** What a route does that needs no token. */
export interface PublicAction {
  readonly scope: "public";
  readonly run: (request: PublicRequest) => Promise<ScimReply>;
}

/** @throws ScimError 403 where the client's token does not allow what `action` needs. */
export function checkScope({ scope }: Action, { scopes }: Principal): void {
  if (scope && !scopes.includes(scope))
    throw new ScimError(403, `The token lacks the scope "${scope}"; issue one that has it.`);
}

export const ok = (body: JsonObject): ScimReply => ({ status: 200, body });

export const noContent: ScimReply = { status: 204 };

/** Of which resource, in which version, an answer tells (RFC 7644, sections 3.3, 3.4.1 and 3.14). */
export interface Identified {
  readonly location: string;
  readonly version: number;
}

/** One resource, with the headers that say where it is and which version it has. */
export const resourceReply = (
  status: 200 | 201,
  body: JsonObject,
  { location, version }: Identified,
): ScimReply => ({
  status,
  body,
  headers: { Location: location, "Content-Location": location, ETag: etagOf(version) },
});

/** A change that is answered without the resource. */
export const changed = ({ location, version }: Identified): ScimReply => ({
  status: 204,
  headers: { Location: location, ETag: etagOf(version) },
});

/** The client has this version already. */
export const notModified = ({ location, version }: Identified): ScimReply => ({
  status: 304,
  headers: { "Content-Location": location, ETag: etagOf(version) },
});

/** A route that exists and does nothing yet. */
export const notBuilt = (what: string): Action => ({
  scope: undefined,
  run: async () => {
    throw notImplemented(what);
  },
});
