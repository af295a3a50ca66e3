import type { Identified, ScimReply, ScimRequest } from "../http/action.ts";
import { changed, resourceReply } from "../http/action.ts";
import type { JsonObject } from "../scim/json.ts";
import { readWanted } from "../scim/list-query.ts";
import { isWanted, project, readProjection } from "../scim/project.ts";
import { locationOf, represent, type Stored } from "../scim/stored.ts";
import { type Asking, type Served, toleranceFor, typeFor } from "./served.ts";

/** The attributes that a client names, as it wrote them (RFC 7644, section 3.9). */
export interface Wanted {
  readonly attributes?: string | undefined;
  readonly excludedAttributes?: string | undefined;
}

/** Resources with what the client asked for, in the order that they are given. */
export async function showAll(
  served: Served,
  resources: readonly Stored[],
  wanted: Wanted,
  asking: Asking,
): Promise<readonly JsonObject[]> {
  const { names } = toleranceFor(asking);
  const named = (text: string | undefined) => text && names(text, served.type);
  const wish = {
    attributes: named(wanted.attributes),
    excludedAttributes: named(wanted.excludedAttributes),
  };
  const whole = await complete(served, resources, wish, asking);
  return whole.map((resource, index) => {
    const type = typeFor(served, asking, resources[index]?.resource);
    return project(resource, type, readProjection(wish, type));
  });
}

/** One resource as the answer to `request` shows it. */
export async function show(
  served: Served,
  stored: Stored,
  request: ScimRequest,
): Promise<JsonObject> {
  const [shown = {}] = await showAll(served, [stored], readWanted(request.query), request);
  return shown;
}

/** Resources with every attribute that they have, derived ones only where they are wanted. */
async function complete(
  served: Served,
  resources: readonly Stored[],
  wanted: Wanted,
  asking: Asking,
): Promise<readonly JsonObject[]> {
  const { derived, type } = served;
  const isShown = derived && isWanted(readProjection(wanted, type), derived.name);
  return isShown
    ? withDerived(served, resources, asking)
    : resources.map((stored) => represent(stored, type, asking.baseUrl));
}

/** Resources with all that can be known of them. */
export async function withDerived(
  { type, derived }: Served,
  resources: readonly Stored[],
  { client, baseUrl }: Asking,
): Promise<readonly JsonObject[]> {
  const ids = resources.map(({ id }) => id);
  const values = await derived?.valuesOf(client.tenant, ids, baseUrl);
  return resources.map((stored) => {
    const value = values?.get(stored.id);
    const resource = represent(stored, type, baseUrl);
    return derived && value !== undefined ? { ...resource, [derived.name]: value } : resource;
  });
}

/** Which resource, in which version, an answer tells of. */
export const identify = (
  stored: Stored,
  { type }: Pick<Served, "type">,
  baseUrl: string,
): Identified => ({ location: locationOf(stored, type, baseUrl), version: stored.version });

/** What answers a create or a replace. */
export const replyWith = async (
  status: 200 | 201,
  served: Served,
  stored: Stored,
  request: ScimRequest,
): Promise<ScimReply> =>
  resourceReply(
    status,
    await show(served, stored, request),
    identify(stored, served, request.baseUrl),
  );

/** A client that names attributes must be shown them (RFC 7644, section 3.5.2). */
export const replyToPatch = async (
  served: Served,
  stored: Stored,
  request: ScimRequest,
): Promise<ScimReply> => {
  const { client, query, baseUrl } = request;
  const isShown = client.settings.patchAnswers[served.family] === "resource";
  return isShown || query.has("attributes")
    ? replyWith(200, served, stored, request)
    : changed(identify(stored, served, baseUrl));
};
