import { type AttributePath, findAttribute } from "../scim/attribute-path.ts";
import { isArray, isObject, type Json, type JsonObject, own, withMember } from "../scim/json.ts";
import { memberOf } from "../scim/patch/read.ts";
import type { Attribute, ResourceType } from "../scim/schema.ts";
import { isStringOrNull } from "./custom-extensions.ts";
import { isCustom } from "./custom-schema.ts";
import { normaliseValue } from "./normalise-values.ts";
import { expandKeys } from "./path-less-maps.ts";

/**
 * A resource as Entra sends it in a POST, made RFC-clean for readResource: names and values
 * corrected, attributes under the schema that they belong to, in `schemas` those that are known.
 */
export function normaliseResource(body: Json | undefined, type: ResourceType): Json | undefined {
  if (!isObject(body)) return body;

  const start: JsonObject = { schemas: knownSchemas(memberOf(body, "schemas") ?? [], type) };
  const resource = expandKeys(body, type).reduce((read, [name, value]) => {
    const path = findAttribute(name, type);
    return path ? put(read, path, value) : read;
  }, start);
  return withHeldSchemas(resource, type);
}

/** With the schemas of which the resource has attributes, listed or not. */
function withHeldSchemas(resource: JsonObject, type: ResourceType): JsonObject {
  const listed = own(resource, "schemas");
  const held = type.extensions
    .map(({ schema }) => schema.id)
    .filter((id) => Object.hasOwn(resource, id));
  if (!isArray(listed) || held.every((id) => listed.includes(id))) return resource;
  return { ...resource, schemas: [...new Set([...listed, ...held])] };
}

/**
 * Entra names schemas that nobody knows, and does not list those of custom extensions. What is
 * another kind of resource by the schemas that it names stays so.
 */
function knownSchemas(given: Json, type: ResourceType): Json {
  if (!isArray(given)) return given;
  const urns = given.flatMap((urn) => (typeof urn === "string" ? [urn.toLowerCase()] : []));
  if (urns.length < given.length) return given;
  const known = [type.schema, ...type.extensions.map(({ schema }) => schema)].map(({ id }) => id);
  const named = known.filter((id) => urns.includes(id.toLowerCase()));
  if (named.length === 0 && urns.some((urn) => urn.startsWith(coreSchemas))) return given;
  return [...new Set([type.schema.id, ...named])];
}

const coreSchemas = "urn:ietf:params:scim:schemas:core:";

function put(resource: JsonObject, path: AttributePath, value: Json): JsonObject {
  const { extension, attribute, subAttribute } = path;
  if (extension && isCustom(extension) && !isStringOrNull(value)) return resource;
  if (!extension) return putInto(resource, attribute, subAttribute, value);

  const held = own(resource, extension.name);
  const holder = isObject(held) ? held : {};
  return withMember(resource, extension.name, putInto(holder, attribute, subAttribute, value));
}

function putInto(
  holder: JsonObject,
  attribute: Attribute,
  subAttribute: Attribute | undefined,
  value: Json,
): JsonObject {
  // Dotted keys such as `name.givenName` join what else is known of the name.
  const held = own(holder, attribute.name);
  const parts = isObject(held) ? held : {};
  if (subAttribute) {
    const part = normaliseValue(value, subAttribute);
    return withMember(holder, attribute.name, withMember(parts, subAttribute.name, part));
  }
  const whole = normaliseValue(value, attribute);
  return withMember(holder, attribute.name, isObject(whole) ? { ...parts, ...whole } : whole);
}
