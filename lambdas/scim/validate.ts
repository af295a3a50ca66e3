import { isExtension, rootAttributes } from "./attributes.ts";
import { invalidSyntax, invalidValue } from "./errors.ts";
import { isArray, isObject, type Json, type JsonObject, own, withMember } from "./json.ts";
import type { Attribute, ResourceType } from "./schema.ts";
import { readMembersOf } from "./values.ts";

/**
 * Reads the body of a POST or PUT: what a client may set of a resource of `type`, with its
 * `schemas` (RFC 7644, sections 3.3 and 3.5.1). Read-only and unknown attributes are left out,
 * values are kept as they are. @throws invalidSyntax, invalidValue
 */
export function readResource(body: Json | undefined, type: ResourceType): JsonObject {
  if (!isObject(body))
    throw invalidSyntax(`The body must be a JSON object that is a ${type.name}.`);
  checkSchemas(body, type);

  const resource = readMembersOf(rootAttributes(type), body, (name) => name);
  checkRequired(resource, type);
  return { schemas: schemasOf(resource, type), ...resource };
}

/** @throws invalidValue if `resource` lacks an attribute, or an extension, that `type` requires. */
export function checkRequired(resource: JsonObject, type: ResourceType): void {
  const root = rootAttributes(type);
  checkRequiredOf(root, resource, (name) => name);
  for (const extension of root.filter(isExtension)) {
    const held = own(resource, extension.name);
    if (!isObject(held)) continue;
    checkRequiredOf(extension.subAttributes ?? [], held, (name) => `${extension.name}:${name}`);
  }
}

/** The schemas that `resource` holds something of (RFC 7643, section 3). */
export function schemasOf(resource: JsonObject, type: ResourceType): readonly string[] {
  const held = type.extensions.filter(({ schema }) => Object.hasOwn(resource, schema.id));
  return [type.schema.id, ...held.map(({ schema }) => schema.id)];
}

/** `resource` with `schemas` that say what it holds; the very same object if they do already. */
export function withSchemas(resource: JsonObject, type: ResourceType): JsonObject {
  const schemas = schemasOf(resource, type);
  const given = own(resource, "schemas");
  const isExact =
    isArray(given) &&
    given.length === schemas.length &&
    schemas.every((urn) => given.includes(urn));
  return isExact ? resource : withMember(resource, "schemas", schemas);
}

function checkSchemas(body: JsonObject, type: ResourceType): void {
  const [, schemas] = Object.entries(body).find(([name]) => name.toLowerCase() === "schemas") ?? [];
  const urns = isArray(schemas) ? schemas : [];
  const wanted = type.schema.id.toLowerCase();
  if (urns.some((urn) => typeof urn === "string" && urn.toLowerCase() === wanted)) return;
  throw invalidSyntax(`"schemas" must be a list that has "${type.schema.id}".`);
}

function checkRequiredOf(
  attributes: readonly Attribute[],
  holder: JsonObject,
  nameOf: (name: string) => string,
): void {
  for (const { name, required } of attributes) {
    const value = own(holder, name);
    if (required && (value === undefined || value === "")) {
      throw invalidValue(`${nameOf(name)} is required and may not be empty; send a value.`);
    }
  }
}
