import type { Identified, ScimReply, ScimRequest } from "../http/action.ts";
import { resourceReply } from "../http/action.ts";
import { isArray, type Json, type JsonObject } from "../scim/json.ts";
import { readWanted } from "../scim/list-query.ts";
import {
  afterWriting,
  isWanted,
  type Projection,
  project,
  readProjection,
} from "../scim/project.ts";
import type { ResourceType } from "../scim/schema.ts";
import { locationOf, represent, type Stored } from "../scim/stored.ts";
import { type Asking, type Family, type Served, toleranceFor, typeFor } from "./served.ts";

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
  return presentAll(viewOf(served, wanted, asking), resources, derivations);
}

/** Of more derived values than these an answer would grow too large. */
const mostDerived = 10_000;

/**
 * Resources as the view has them; the last ones are left out where what is derived for them is too
 * much for one answer.
 */
export function presentAll(
  view: View,
  resources: readonly Stored[],
  derivations: Derivations,
): readonly JsonObject[] {
  const shown: JsonObject[] = [];
  let values = 0;
  for (const stored of resources) {
    const derived = derivations?.get(stored.id);
    values += isArray(derived) ? derived.length : 0;
    if (values > mostDerived && shown.length > 0) break;
    shown.push(present(view, stored, derivations));
  }
  return shown;
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
  return isShown ? derived.valuesOf(asking.principal.tenant, ids, asking.baseUrl) : undefined;
}

/**
 * As `derive`, for who has something else to do first: it is read beside that, and where that
 * fails, nobody waits for this.
 */
export function deriveBeside(...asked: Parameters<typeof derive>): Promise<Derivations> {
  const values = derive(...asked);
  values.catch(() => {});
  return values;
}

/** How a client wants to see resources; a projection is worked out once for all that are of one type. */
export interface View {
  readonly served: Served;
  readonly asking: Asking;
  readonly projectionOf: (type: ResourceType) => Projection;
}

export function viewOf(served: Served, wanted: Wanted, asking: Asking): View {
  const names = spelt(wanted, served.type, asking);
  const known = new Map<ResourceType, Projection>();
  const projectionOf = (type: ResourceType) => {
    const projection = known.get(type) ?? readProjection(names, type);
    known.set(type, projection);
    return projection;
  };
  return { served, asking, projectionOf };
}

/** One resource as the view has it; `before` is what a write that is being answered has just changed. */
export function present(
  { served, asking, projectionOf }: View,
  stored: Stored,
  derivations: Derivations,
  written?: { readonly before: JsonObject | undefined },
): JsonObject {
  const type = typeFor(served, asking, stored.resource);
  const whole = representWith(served, stored, asking, derivations);
  const projection = projectionOf(type);
  return project(
    whole,
    type,
    written ? afterWriting(projection, written.before, stored.resource) : projection,
  );
}

/** The names as the schemas have them, where the tenant's clients may name them otherwise. */
export function spelt(
  wanted: Wanted,
  type: ResourceType,
  asking: Pick<Asking, "principal">,
): Wanted {
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

/** What answers a write that made the resource out of `before`. */
export function replyWith(
  status: 200 | 201,
  served: Served,
  stored: Stored,
  request: ScimRequest,
  { before, derivations }: { before: JsonObject | undefined; derivations: Derivations },
): ScimReply {
  const view = viewOf(served, readWanted(request.query), request);
  const shown = present(view, stored, derivations, { before });
  return resourceReply(status, shown, identify(stored, served, request.baseUrl));
}

/** Whether a PATCH is answered with the resource: a client that names attributes must be shown them (RFC 7644, section 3.5.2). */
export const isShownAfterPatch = (
  { family }: { readonly family: Family },
  { principal, query }: ScimRequest,
): boolean => principal.settings.patchAnswers[family] === "resource" || query.has("attributes");
