import type { Identified, ScimReply, ScimRequest } from "../http/action.ts";
import { changed, resourceReply } from "../http/action.ts";
import type { Json, JsonObject } from "../scim/json.ts";
import { readWanted } from "../scim/list-query.ts";
import { afterWriting, isWanted, project, readProjection } from "../scim/project.ts";
import { locationOf, represent, type Stored } from "../scim/stored.ts";
import { type Asking, type Served, toleranceFor, typeFor } from "./served.ts";

/** The attributes that a client names, as it wrote them (RFC 7644, section 3.9). */
export interface Wanted {
  readonly attributes?: string | undefined;
  readonly excludedAttributes?: string | undefined;
}

/** A derived attribute's values, by the id of their resource; undefined where they are not wanted. */
export type Derivations = ReadonlyMap<string, Json> | undefined;

/** Resources with what the client asked for, in the order that they are given. */
export async function showAll(
  served: Served,
  resources: readonly Stored[],
  wanted: Wanted,
  asking: Asking,
): Promise<readonly JsonObject[]> {
  const ids = resources.map(({ id }) => id);
  const derivations = await derive(served, ids, wanted, asking);
  return resources.map((stored) => present(served, stored, wanted, asking, derivations));
}

/** What is derived for resources of these ids, as far as the client wants to see it. */
export async function derive(
  { type, derived }: Served,
  ids: readonly string[],
  wanted: Wanted,
  asking: Asking,
): Promise<Derivations> {
  const isShown =
    derived && isWanted(readProjection(spelt(wanted, type, asking), type), derived.name);
  return isShown ? derived.valuesOf(asking.client.tenant, ids, asking.baseUrl) : undefined;
}

/** One resource with what the client asked for of what is known. */
export function present(
  served: Served,
  stored: Stored,
  wanted: Wanted,
  asking: Asking,
  derivations: Derivations,
): JsonObject {
  const type = typeFor(served, asking, stored.resource);
  const whole = representWith(served, stored, asking, derivations);
  return project(whole, type, readProjection(spelt(wanted, served.type, asking), type));
}

/** The same in the answer to what has just made the resource out of `before`. */
function presentWritten(
  served: Served,
  stored: Stored,
  request: ScimRequest,
  derivations: Derivations,
  before: JsonObject | undefined,
): JsonObject {
  const type = typeFor(served, request, stored.resource);
  const whole = representWith(served, stored, request, derivations);
  const wanted = spelt(readWanted(request.query), served.type, request);
  return project(whole, type, afterWriting(readProjection(wanted, type), before, stored.resource));
}

/** The names as the schemas have them, where the tenant's clients may name them otherwise. */
function spelt(wanted: Wanted, type: Served["type"], asking: Asking): Wanted {
  const { names } = toleranceFor(asking);
  const named = (text: string | undefined) => text && names(text, type);
  return {
    attributes: named(wanted.attributes),
    excludedAttributes: named(wanted.excludedAttributes),
  };
}

/** A resource with every attribute that is known of it. */
export function representWith(
  { type, derived }: Served,
  stored: Stored,
  { baseUrl }: Asking,
  derivations: Derivations,
): JsonObject {
  const resource = represent(stored, type, baseUrl);
  const value = derivations?.get(stored.id);
  return derived && value !== undefined ? { ...resource, [derived.name]: value } : resource;
}

/** Which resource, in which version, an answer tells of. */
export const identify = (
  stored: Stored,
  { type }: Pick<Served, "type">,
  baseUrl: string,
): Identified => ({ location: locationOf(stored, type, baseUrl), version: stored.version });

/** What answers a create or a replace, which made the resource out of `before`. */
export async function replyWith(
  status: 200 | 201,
  served: Served,
  stored: Stored,
  request: ScimRequest,
  before: JsonObject | undefined,
): Promise<ScimReply> {
  // Nobody is in a group who has just been created.
  const ids = before ? [stored.id] : [];
  const derivations = await derive(served, ids, readWanted(request.query), request);
  const shown = presentWritten(served, stored, request, derivations, before);
  return resourceReply(status, shown, identify(stored, served, request.baseUrl));
}

/** A client that names attributes must be shown them (RFC 7644, section 3.5.2). */
export async function replyToPatch(
  served: Served,
  stored: Stored,
  request: ScimRequest,
  before: JsonObject,
): Promise<ScimReply> {
  const { client, query, baseUrl } = request;
  const isShown = client.settings.patchAnswers[served.family] === "resource";
  return isShown || query.has("attributes")
    ? replyWith(200, served, stored, request, before)
    : changed(identify(stored, served, baseUrl));
}
