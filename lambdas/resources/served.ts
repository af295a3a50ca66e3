import { type Tolerance, toleranceOf } from "../entra/tolerance.ts";
import type { ScimRequest } from "../http/action.ts";
import { type AttributeRules, attributeRules, noAttributeRules } from "../scim/attribute-rules.ts";
import type { Json, JsonObject } from "../scim/json.ts";
import type { ResourceType } from "../scim/schema.ts";
import type { ResourceStore } from "../store/store.ts";

/** Whose scopes and settings hold for a resource type. */
export type Family = "users" | "groups" | "resources";

/** A resource type as its endpoint serves it. */
export interface Served {
  readonly type: ResourceType;
  readonly store: ResourceStore;
  /** Whose scopes and settings hold for it. */
  readonly family: "users" | "resources";
  /** An attribute that is not kept with the resource but follows from others. */
  readonly derived?: Derived;
  /** Whether extensions that no schema declares are understood, where the tenant is not strict. */
  readonly takesCustomExtensions?: boolean;
  /** What of a resource is kept. */
  readonly kept?: (resource: JsonObject) => JsonObject;
}

/** A read-only attribute that is looked up for what is shown. */
export interface Derived {
  readonly name: string;
  /** The attribute's value for those of `ids` that have one. */
  readonly valuesOf: (
    tenant: string,
    ids: readonly string[],
    baseUrl: string,
  ) => Promise<ReadonlyMap<string, Json>>;
}

/** The part of a request that says how resources are to be read and shown. */
export type Asking = Pick<ScimRequest, "principal" | "baseUrl">;

/** How the client's tenant wants what the RFCs do not allow to be taken. */
export const toleranceFor = ({ principal }: Pick<ScimRequest, "principal">): Tolerance =>
  toleranceOf(principal.settings.strictness);

/** The type by which `body` is read, and what is stored already. */
export function typeFor(
  { type, takesCustomExtensions }: Served,
  request: Pick<ScimRequest, "principal">,
  stored: Json | undefined,
  body: Json = null,
): ResourceType {
  return takesCustomExtensions ? toleranceFor(request).typeFor(type, stored, body) : type;
}

/** What the client's tenant asks of the attributes of its users. */
export const rulesFor = (
  { family }: Pick<Served, "family">,
  { principal }: Pick<ScimRequest, "principal">,
  type: ResourceType,
): AttributeRules =>
  family === "users" ? attributeRules(principal.settings, type) : noAttributeRules;

/** What is kept of a resource. */
export const keep = ({ kept }: Served, resource: JsonObject): JsonObject =>
  kept ? kept(resource) : resource;
